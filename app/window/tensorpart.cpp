// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/tensorpart.h"

#include "app/window/picturefile.h"
#include "core/formats/numpy/npy.h"
#include "widgets/plots/histogramplot.h"
#include "widgets/tensor/planemodel.h"
#include "widgets/tensor/statisticspart.h"
#include "widgets/tensor/tensorinspector.h"
#include "widgets/tensor/tilemap.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLocale>
#include <QRegularExpression>

namespace app {

namespace {

constexpr std::int64_t mostCopied = 1'000'000; // cells: beyond it the clipboard is no place for them

/// Half as many bins, for the narrow column of the list.
ParameterStatistics halved(ParameterStatistics statistics)
{
    std::vector<std::int64_t> bins;
    for (std::size_t i = 0; i + 1 < statistics.bins.size(); i += 2)
        bins.push_back(statistics.bins[i] + statistics.bins[i + 1]);
    statistics.bins = std::move(bins);
    return statistics;
}

}

TensorPart::TensorPart(Workspace& workspace, widgets::TensorInspector& inspector, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_inspector(inspector)
{
    using widgets::TensorInspector;
    connect(&inspector, &TensorInspector::cellsWanted, this, &TensorPart::readCells);
    connect(&inspector, &TensorInspector::tilesWanted, this, &TensorPart::readTiles);
    connect(&inspector, &TensorInspector::statisticsWanted, this, &TensorPart::readStatistics);
    connect(&inspector, &TensorInspector::copyWanted, this, &TensorPart::copy);
    connect(&inspector, &TensorInspector::statisticsCancelled, this, [this] {
        m_statistics.cancel();
        m_inspector.statistics()->setMessage(tr("Cancelled."), true);
    });
    connect(&inspector, &TensorInspector::saveArrayWanted, this, [this] {
        const QString path = QFileDialog::getSaveFileName(&m_inspector, tr("Save the values"), suggestedPath(QStringLiteral(".npy")),
                                                          tr("NumPy array (*.npy)"));
        if (!path.isEmpty())
            saveArray(path);
    });
    connect(&inspector, &TensorInspector::savePictureWanted, this, [this] {
        const QString path = QFileDialog::getSaveFileName(&m_inspector, tr("Save the picture"), suggestedPath(QStringLiteral(".png")),
                                                          tr("PNG picture (*.png)"));
        if (!path.isEmpty())
            savePicture(path);
    });
    connect(&m_statistics, &JobSlot::progressed, this, [this](double fraction) { m_inspector.statistics()->setProgress(fraction); });
    connect(&m_statistics, &JobSlot::failed, this, [this](std::exception_ptr thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const core::Error& error) {
            if (error.id() == "dtype-not-numeric")
                m_inspector.statistics()->setMessage(
                    tr("No statistics of type %1.").arg(QString::fromStdString(std::string(core::name(m_parameter.source.dtype)))));
            else
                showError(thrown);
        } catch (...) {
            showError(thrown);
        }
    });
    for (JobSlot* slot : {&m_fetch, &m_tiles})
        connect(slot, &JobSlot::failed, this, &TensorPart::showError);
    for (JobSlot* slot : {&m_copy, &m_save})
        connect(slot, &JobSlot::failed, this, [this](std::exception_ptr thrown) { Q_EMIT failed(toError(thrown)); });
}

bool TensorPart::show(Side side, const QString& name)
{
    const auto model = m_workspace.model(side);
    const core::Parameter* parameter = model ? model->parameter(name.toStdString()) : nullptr;
    if (!parameter)
        return false;
    const auto file = m_workspace.copy(side);
    if (file == m_file && side == m_side && m_parameter.name == parameter->name && m_parameter.axes == parameter->axes)
        return true;
    release();
    m_side = side;
    m_file = file;
    m_parameter = *parameter;
    m_inspector.setTensor(widgets::sideNames(model->framework, core::Framework::None)[0], m_parameter);
    return true;
}

void TensorPart::release()
{
    m_reading.cancel();
    m_reading = core::Progress();
    for (JobSlot* slot : {&m_fetch, &m_tiles, &m_statistics, &m_copy})
        slot->cancel();
    m_waiting.clear();
    m_file.reset();
    m_parameter = {};
}

/// What only a worker can read is fetched once, whole; from then on it is looked at in memory.
void TensorPart::whenReadable(std::function<void()> then)
{
    if (!std::holds_alternative<core::WorkerDataset>(m_parameter.source.data)) {
        then();
        return;
    }
    m_waiting.push_back(std::move(then));
    if (!m_fetch.isRunning())
        fetch();
}

void TensorPart::fetch()
{
    m_fetch.start([source = m_parameter.source](const core::Progress&) { return core::read(source).sharedBytes(); },
                  [this](const core::SharedBytes& bytes) {
                      m_parameter.source.data = bytes;
                      for (const auto& then : std::exchange(m_waiting, {}))
                          then();
                  });
}

void TensorPart::readCells(const core::Slicing& slicing, const core::Cells& cells)
{
    whenReadable([this, slicing, cells] {
        const core::Progress reading = m_reading;
        runTask(
            this, reading,
            [source = m_parameter.source, slicing, cells](const core::Progress& progress) {
                return core::readCells(source, slicing, cells, progress);
            },
            [this, reading, slicing, cells](const core::Tensor& values) {
                if (!reading.isCancelled())
                    m_inspector.setCells(slicing, cells, values);
            },
            [this, reading](std::exception_ptr thrown) {
                if (!reading.isCancelled())
                    showError(thrown);
            });
    });
}

void TensorPart::readTiles(const core::Slicing& slicing, const core::Tiling& tiling)
{
    whenReadable([this, slicing, tiling] {
        m_tiles.start([source = m_parameter.source, slicing,
                       tiling](const core::Progress& progress) { return core::readTiles(source, slicing, tiling, progress); },
                      [this, slicing, tiling](const std::vector<float>& values) { m_inspector.setTiles(slicing, tiling, values); });
    });
}

void TensorPart::readStatistics()
{
    m_inspector.statistics()->setProgress(0);
    whenReadable([this] {
        m_statistics.start([parameter = m_parameter](
                               const core::Progress& progress) { return statisticsOf(parameter, widgets::HistogramPlot::bins, progress); },
                           [this](const ParameterStatistics& read) {
                               m_inspector.statistics()->setStatistics(m_file->framework, read.statistics, read.bins);
                               if (core::byteCount(m_parameter) > Readings::mostBytes)
                                   Q_EMIT statisticsRead(m_side, halved(read));
                           });
    });
}

void TensorPart::copy(const core::Slicing& slicing, const core::Cells& cells)
{
    if (cells.rows > mostCopied / std::max<std::int64_t>(1, cells.columns)) {
        Q_EMIT failed(core::Error("copy-too-much")
                          .expected("at most 1,000,000 cells")
                          .found(QLocale::c().toString(qlonglong(cells.rows * cells.columns)).toStdString())
                          .advice("Choose fewer cells, or save the tensor as .npy."));
        return;
    }
    whenReadable([this, slicing, cells] {
        m_copy.start(
            [source = m_parameter.source, slicing, cells](const core::Progress& progress) {
                return widgets::cellsAsText(core::readCells(source, slicing, cells, progress));
            },
            [this, cells](const QString& text) {
                QGuiApplication::clipboard()->setText(text);
                Q_EMIT told(tr("Copied %1 × %2 values").arg(cells.rows).arg(cells.columns));
            });
    });
}

void TensorPart::saveArray(const QString& path)
{
    whenReadable([this, path] {
        m_save.start(
            [source = m_parameter.source, target = path.toStdString()](const core::Progress&) {
                core::formats::writeNpy(target, core::read(source));
                return target;
            },
            [this](const std::string& target) { Q_EMIT told(tr("Saved %1").arg(QString::fromStdString(target))); });
    });
}

void TensorPart::savePicture(const QString& path)
{
    try {
        writePicture(path, m_inspector.picture());
        Q_EMIT told(tr("Saved %1").arg(path));
    } catch (const core::Error& error) {
        Q_EMIT failed(error);
    }
}

/// A name that every file system takes, beside the model.
QString TensorPart::suggestedPath(const QString& ending) const
{
    QString name = QString::fromStdString(core::printable(m_parameter.name, 120));
    name.replace(QRegularExpression(QStringLiteral("[^A-Za-z0-9._-]+")), QStringLiteral("_"));
    return QDir(m_file ? QFileInfo(QString::fromStdString(m_file->origin.path)).path() : QString()).filePath(name + ending);
}

void TensorPart::showError(std::exception_ptr thrown)
{
    const core::Error error = toError(thrown);
    m_reading.cancel(); // one reason is enough
    m_inspector.setProblem(tr("The values cannot be read: %1").arg(QString::fromUtf8(error.what())));
    if (error.id() == "file-changed" || error.id() == "file-short")
        m_workspace.fail(m_side, error);
}

}
