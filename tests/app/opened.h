// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"

#include <QFile>
#include <QTest>
#include <algorithm>

/// The sample files, and waiting for what a workspace computes from them.
namespace opened {

constexpr int patience = 60'000; // ms: LibTorch's worker starts cold, on a busy machine

inline QString sample(const char* file)
{
    return QStringLiteral(TIEOUT_SAMPLES "/") + QString::fromLatin1(file);
}

inline QString data(const char* file)
{
    return QStringLiteral(TIEOUT_TEST_DATA "/") + QString::fromLatin1(file);
}

/// The first bytes of a sample file: what an interrupted copy leaves.
inline QString cutCopy(const char* file, const QString& target, qint64 bytes)
{
    QFile from(sample(file)), to(target);
    if (!from.open(QIODevice::ReadOnly) || !to.open(QIODevice::WriteOnly) || to.write(from.read(bytes)) != bytes)
        return {};
    return target;
}

inline bool isCurrent(const app::Workspace& workspace)
{
    return workspace.result() && !workspace.isStale() && !workspace.isLoading();
}

/// Until the result belongs to the present choices.
inline bool waitForResult(const app::Workspace& workspace)
{
    return QTest::qWaitFor([&] { return isCurrent(workspace); }, patience);
}

inline bool tiesOut(const app::Workspace& workspace)
{
    return workspace.result() && workspace.result()->report.verdict == core::compare::Verdict::TiesOut;
}

inline auto equalParameters(const app::Workspace& workspace)
{
    const auto& all = workspace.pair()->parameters;
    return std::count_if(all.begin(), all.end(), [](const auto& one) { return one.equal; });
}

/// Sample digits and the pair "lenet5.pt", "lenet5.h5", run.
inline bool openSamplePair(app::Workspace& workspace, const char* right = "lenet5.h5")
{
    workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    workspace.openPair(sample("lenet5.pt"), sample(right));
    return QTest::qWaitFor([&] { return workspace.result() != nullptr; }, patience) && waitForResult(workspace);
}

}
