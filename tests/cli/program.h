// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"

#include <QProcess>
#include <QStringList>
#include <QTest>

/// What one run of the program gave.
struct Answer
{
    int status = -1;
    QByteArray output, messages;

    core::Json json() const
    {
        return core::parseJson(std::string_view(output.constData(), static_cast<std::size_t>(output.size())), "stdout");
    }
};

/// Runs the built program without a display.
inline Answer tieout(const QStringList& arguments, const QString& folder = {})
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove("DISPLAY");
    environment.remove("WAYLAND_DISPLAY");
    environment.insert("QT_QPA_PLATFORM", "none-such");
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.start(TIEOUT_PROGRAM, arguments);
    if (!process.waitForFinished(120000)) {
        process.kill();
        process.waitForFinished();
        return {-1, {}, "did not end"};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

inline QString sample(const char* name)
{
    return QString(TIEOUT_SAMPLES "/") + name;
}

inline QString data(const QString& name)
{
    return QString(TIEOUT_TEST_DATA "/") + name;
}
