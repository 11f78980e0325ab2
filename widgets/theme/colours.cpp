// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/colours.h"

namespace widgets {

namespace {

QColor rgb(unsigned value)
{
    return QColor::fromRgb(static_cast<QRgb>(value));
}

Colours makeLight()
{
    Colours c;
    c.win = rgb(0xf2f3f5), c.panel = rgb(0xffffff), c.raise = rgb(0xffffff);
    c.hair = rgb(0xdcdfe4), c.ctl = rgb(0x838a95), c.hover = rgb(0xeceef2);
    c.text = rgb(0x1b1f24), c.text2 = rgb(0x59616c);
    c.blue = rgb(0x1f5fbf), c.onBlue = rgb(0xffffff), c.sel = rgb(0xdbe7fa);
    c.torch = rgb(0x8a3fa8), c.keras = rgb(0x0f7680);
    c.green = rgb(0x1a7340), c.red = rgb(0xc0261f), c.amber = rgb(0x8a5a00), c.amberMark = rgb(0xad7300);
    c.greenGround = rgb(0xe7f4ec), c.redGround = rgb(0xfdeceb), c.amberGround = rgb(0xfff4da);
    c.link = rgb(0x7b838e), c.bar = rgb(0x7b838e);
    c.chipGreen = rgb(0x1a7340), c.chipRed = rgb(0xc0261f), c.chipAmber = rgb(0xf2c14e);
    c.chipText = rgb(0xffffff), c.chipAmberText = rgb(0x2a1e00);
    return c;
}

Colours makeDark()
{
    Colours c;
    c.dark = true;
    c.win = rgb(0x1b1d21), c.panel = rgb(0x22252a), c.raise = rgb(0x2c3037);
    c.hair = rgb(0x373c44), c.ctl = rgb(0x787f8b), c.hover = rgb(0x2b2f36);
    c.text = rgb(0xe6e8eb), c.text2 = rgb(0xa0a8b3);
    c.blue = rgb(0x74aaf9), c.onBlue = rgb(0x0f1318), c.sel = rgb(0x293c5a);
    c.torch = rgb(0xc990e2), c.keras = rgb(0x4fbac4);
    c.green = rgb(0x52c285), c.red = rgb(0xff877e), c.amber = rgb(0xe9b34f), c.amberMark = rgb(0xe9b34f);
    c.greenGround = rgb(0x21362b), c.redGround = rgb(0x3d2626), c.amberGround = rgb(0x3a3121);
    c.link = rgb(0x858d99), c.bar = rgb(0x858d99);
    c.chipGreen = rgb(0x1c7a46), c.chipRed = rgb(0xc23a31), c.chipAmber = rgb(0xe9b34f);
    c.chipText = rgb(0xffffff), c.chipAmberText = rgb(0x1b1d21);
    return c;
}

}

const Colours& lightColours()
{
    static const Colours colours = makeLight();
    return colours;
}

const Colours& darkColours()
{
    static const Colours colours = makeDark();
    return colours;
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Active, QPalette::WindowText).lightness() >
           palette.color(QPalette::Active, QPalette::Window).lightness();
}

const Colours& colours(const QPalette& palette)
{
    return isDark(palette) ? darkColours() : lightColours();
}

QPalette paletteOf(const Colours& c)
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, const QColor& colour) { palette.setColor(QPalette::All, role, colour); };
    set(QPalette::Window, c.win);
    set(QPalette::Base, c.panel);
    set(QPalette::AlternateBase, c.panel);
    set(QPalette::Button, c.raise);
    set(QPalette::Mid, c.hair);
    set(QPalette::Midlight, c.hair);
    set(QPalette::Light, c.raise);
    set(QPalette::Dark, c.ctl);
    set(QPalette::Shadow, c.hair);
    set(QPalette::Highlight, c.sel);
    set(QPalette::HighlightedText, c.text);
    set(QPalette::ToolTipBase, c.raise);
    set(QPalette::BrightText, c.red);
    set(QPalette::Link, c.blue);
    set(QPalette::LinkVisited, c.blue);
    set(QPalette::PlaceholderText, c.text2);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
        set(role, c.text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, faded(c.text, disabledOpacity));
    palette.setColor(QPalette::Disabled, QPalette::PlaceholderText, faded(c.text2, disabledOpacity));
    return palette;
}

QColor markColour(const Colours& colours, core::Framework framework)
{
    switch (framework) {
    case core::Framework::Torch:
        return colours.torch;
    case core::Framework::Keras:
        return colours.keras;
    case core::Framework::None:
        break;
    }
    return colours.text2;
}

QColor faded(QColor colour, double opacity)
{
    colour.setAlphaF(static_cast<float>(colour.alphaF() * opacity));
    return colour;
}

}
