// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/pair.h"
#include "core/json/json.h"
#include "core/report/text.h"

namespace app {

int mapCommand(const Options& options)
{
    const OpenPair opened = openPair(options.first, options.second, options, nullptr, false);
    const core::session::Pair& pair = opened.pair;
    if (!options.output.empty())
        writeText(options.output, core::dumpJson(core::mapping::toJson(pair.mapping, *pair.left, *pair.right)) + "\n");
    if (options.json)
        options.console.result(core::dumpJson(core::report::mapDocument(*pair.left, *pair.right, pair.mapping)) + "\n");
    else
        options.console.result(core::report::mapText(*pair.left, *pair.right, pair.mapping));
    return 0;
}

}
