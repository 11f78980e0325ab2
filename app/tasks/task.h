// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/progress.h"

#include <QCoreApplication>
#include <QFutureWatcher>
#include <QObject>
#include <QPointer>
#include <QPromise>
#include <QThreadPool>
#include <QtConcurrentRun>
#include <exception>
#include <functional>
#include <memory>

namespace app {

/// Runs `work(progress)` in the thread pool and hands its result to `done` in `context`'s thread; an exception goes to `failed`, Cancelled
/// to nobody. The only user of QtConcurrent. `work` must own what it uses: it outlives its caller. `done` always comes from the event loop,
/// never before this returns (QFuture::then would call it at once when the job is that quick).
template <typename Work, typename Done, typename Failed>
void runTask(QObject* context, const core::Progress& progress, Work work, Done done, Failed failed)
{
    using Value = std::invoke_result_t<Work, const core::Progress&>;
    using Held = std::shared_ptr<const Value>; // results need not be copyable
    QFuture<Held> future = QtConcurrent::run([work = std::move(work), progress](QPromise<Held>& promise) {
        try {
            promise.addResult(std::make_shared<const Value>(work(progress)));
        } catch (...) {
            promise.setException(std::current_exception());
        }
    });
    auto* watcher = new QFutureWatcher<Held>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, done = std::move(done), failed = std::move(failed)] {
        watcher->deleteLater();
        Held result;
        try {
            result = watcher->future().result();
        } catch (const core::Cancelled&) {
            return;
        } catch (...) {
            failed(std::current_exception());
            return;
        }
        done(*result);
    });
    watcher->setFuture(future);
}

/// Runs `work` in a thread of its own kind: what may wait long for nobody (a worker's answer that no one needs) keeps no job waiting.
void runAside(std::function<void()> work);

/// A shared object whose end may take long, such as an engine that tells its worker: whoever lets go of it last does not wait.
template <typename T>
std::shared_ptr<T> endedAside(std::unique_ptr<T> object)
{
    return std::shared_ptr<T>(object.release(), [](T* last) { runAside([last] { delete last; }); });
}
template <typename T>
std::shared_ptr<const T> endedAside(T object)
{
    return endedAside(std::make_unique<const T>(std::move(object)));
}

/// What a job threw, as an Error whatever it was.
core::Error toError(std::exception_ptr thrown);

/// One kind of job. A newer job supersedes the older one, whose result is dropped.
class JobSlot final : public QObject
{
    Q_OBJECT

public:
    /// Replace: the running job is cancelled at once. Coalesce: it finishes and is shown; of those that came meanwhile only the newest runs
    /// (live drawing).
    enum class Policy { Replace, Coalesce };

    explicit JobSlot(Policy policy, QObject* parent = nullptr) : QObject(parent), m_policy(policy) {}
    ~JobSlot() override { m_progress.cancel(); }

    bool isRunning() const { return m_running; }
    void cancel();

    template <typename Work, typename Done>
    void start(Work work, Done done)
    {
        auto launch = [this, work = std::move(work), done = std::move(done)]() mutable { launchNow(std::move(work), std::move(done)); };
        if (m_running && m_policy == Policy::Coalesce) {
            m_pending = std::move(launch);
            return;
        }
        m_progress.cancel();
        launch();
    }

Q_SIGNALS:
    void runningChanged(bool running);
    void progressed(double fraction);
    void failed(std::exception_ptr error);

private:
    template <typename Work, typename Done>
    void launchNow(Work work, Done done)
    {
        const quint64 ticket = ++m_ticket;
        const QPointer<JobSlot> self(this);
        m_progress = core::Progress([self, ticket](double fraction) { // in a pool thread: only the application is sure to live
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [self, ticket, fraction] {
                    if (self && self->m_ticket == ticket)
                        Q_EMIT self->progressed(fraction);
                },
                Qt::QueuedConnection);
        });
        setRunning(true);
        runTask(
            this, m_progress, std::move(work),
            [this, ticket, done = std::move(done)](const auto& result) {
                if (ticket != m_ticket)
                    return;
                finish();
                done(result);
            },
            [this, ticket](std::exception_ptr error) {
                if (ticket != m_ticket)
                    return;
                finish();
                Q_EMIT failed(error);
            });
    }

    void finish();
    void setRunning(bool running);

    Policy m_policy;
    core::Progress m_progress;
    quint64 m_ticket = 0;
    bool m_running = false;
    std::function<void()> m_pending;
};

}
