// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/html.h"

#include <fmt/format.h>
#include <limits>

namespace core::report {

namespace {

constexpr std::string_view style = R"(
:root{--win:#f2f3f5;--panel:#fff;--hair:#dcdfe4;--text:#1b1f24;--soft:#59616c;--good:#1a7340;--bad:#c0261f;--unsure:#f2c14e;--on-unsure:#2a1e00;
--bar:#7b838e;--over:#c0261f;--torch:#8a3fa8;--keras:#0f7680}
@media(prefers-color-scheme:dark){:root{--win:#1b1d21;--panel:#22252a;--hair:#373c44;--text:#e6e8eb;--soft:#a0a8b3;--good:#1c7a46;--bad:#c23a31;
--unsure:#e9b34f;--on-unsure:#1b1d21;--bar:#858d99;--over:#ff877e;--torch:#c990e2;--keras:#4fbac4}}
:root{color-scheme:light dark}
body{margin:0;background:var(--win);color:var(--text);font:14px/1.5 "Noto Sans",system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1060px;margin:0 auto;padding:24px 16px}
h1{font-size:22px;margin:0 0 16px}h2{font-size:15px;margin:28px 0 8px}
.verdict{display:inline-block;border-radius:4px;padding:6px 14px;font-weight:bold;color:#fff}
.good{background:var(--good)}.bad{background:var(--bad)}.unsure{background:var(--unsure);color:var(--on-unsure)}
.card{background:var(--panel);border:1px solid var(--hair);border-radius:4px;overflow-x:auto}
.file{padding:8px 12px;margin:8px 0}.file code{color:var(--soft);font-size:12px;word-break:break-all}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:4px 10px;border-bottom:1px solid var(--hair);white-space:nowrap}
th{color:var(--soft);font-weight:normal;font-size:12px}tr:last-child td{border-bottom:0}
.n{text-align:right}.soft,td.soft{color:var(--soft)}.wide{width:30%}
.track{position:relative;height:12px;min-width:120px}.fill{position:absolute;inset:0 auto 0 0;background:var(--bar)}
.fill.over{background:var(--over)}.limit{position:absolute;top:-2px;bottom:-2px;border-left:1px dashed var(--text)}
.torch{background:var(--torch)}.keras{background:var(--keras)}
)";

}

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : printable(text, std::numeric_limits<std::size_t>::max() / 8)) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\'':
            result += "&#39;";
            break;
        default:
            result += c;
        }
    }
    return result;
}

std::string htmlPage(std::string_view title, std::string_view body)
{
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
        "<title>{0}</title><style>{1}</style></head>\n<body><main><h1>{0}</h1>\n{2}</main></body></html>\n",
        escaped(title), style, body);
}

std::string htmlTable(const std::vector<std::string>& titles, const std::vector<std::string>& classes,
                      const std::vector<std::vector<std::string>>& rows)
{
    std::string result = "<div class=\"card\"><table><thead><tr>";
    for (std::size_t c = 0; c < titles.size(); ++c)
        result += fmt::format("<th class=\"{}\">{}</th>", classes[c], escaped(titles[c]));
    result += "</tr></thead><tbody>\n";
    for (const auto& row : rows) {
        result += "<tr>";
        for (std::size_t c = 0; c < titles.size(); ++c)
            result += fmt::format("<td class=\"{}\">{}</td>", classes[c], row[c]);
        result += "</tr>\n";
    }
    return result + "</tbody></table></div>\n";
}

std::string htmlFile(std::string_view side, const Model& model)
{
    const std::string framework = model.framework == Framework::None ? "no framework" : std::string(title(model.framework));
    return fmt::format("<div class=\"card file\"><span class=\"soft\">{}</span> <b>{}</b> {}, {}<br><code>sha256 {}</code></div>\n", side,
                       escaped(model.origin.path), framework, escaped(model.origin.format),
                       !model.origin.sha256.empty()    ? model.origin.sha256
                       : model.origin.unhashed.empty() ? "not computed"
                                                       : "not computed: " + escaped(model.origin.unhashed));
}

std::string htmlVerdict(std::string_view text, Tone tone)
{
    const std::string_view name = tone == Tone::Good ? "good" : tone == Tone::Bad ? "bad" : "unsure";
    return fmt::format("<p><span class=\"verdict {}\">{}</span></p>\n", name, escaped(text));
}

}
