// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/shownpair.h"

#include "widgets/sides/text.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace app {

namespace {

using core::Model;
using core::Tensor;
using core::engines::Trace;

QString tr(const char* text)
{
    return QCoreApplication::translate("app::ShownPair", text);
}

QString text(const std::string& string)
{
    return QString::fromStdString(core::printable(string));
}

/// One side of what is shown: the op and its value in the last run.
struct Shown
{
    const Model* model = nullptr;
    const Trace* trace = nullptr;
    core::Port port = {};

    Tensor value() const
    {
        const std::optional<Tensor> none;
        return (trace ? trace->values[port] : none).value_or(Tensor());
    }
};

/// "1 Tanh [6,28,28]"
QString detail(const Shown& shown, const Tensor& value)
{
    if (!shown.model || shown.port.op < 0)
        return {};
    const core::Op& op = shown.model->ops[static_cast<std::size_t>(shown.port.op)];
    const core::Layer* layer = shown.model->layer(op.layer);
    QString result = text(op.name);
    if (layer && shown.model->framework == core::Framework::Torch)
        result += QLatin1Char(' ') + text(layer->kind);
    if (!value.isNull())
        result += QLatin1Char(' ') + QString::fromStdString(core::text(core::Shape(value.shape().begin() + 1, value.shape().end())));
    return result;
}

QString problemOf(const Shown& shown, const std::string& sideProblem, const widgets::SideName& side, bool hasLayer)
{
    if (!shown.model)
        return tr("waits for a %1 file").arg(side.title);
    if (!sideProblem.empty())
        return text(sideProblem);
    if (!shown.trace)
        return tr("not computed yet");
    if (!hasLayer)
        return tr("no layer is chosen");
    if (shown.port.op < 0)
        return tr("no mate on this side");
    const auto problem = shown.trace->problems.find(shown.port.op);
    return problem == shown.trace->problems.end() ? tr("not computed yet") : text(problem->second);
}

const Model* running(const std::shared_ptr<const Model>& runs, const std::shared_ptr<const Model>& opened)
{
    return runs ? runs.get() : opened.get();
}

/// The first sample of a batch: all that the window shows.
std::vector<float> firstRow(const Tensor& values)
{
    const auto floats = values.floats();
    const auto classes =
        values.shape().empty() ? 0 : floats.size() / static_cast<std::size_t>(std::max<std::int64_t>(values.shape()[0], 1));
    return {floats.begin(), floats.begin() + static_cast<std::ptrdiff_t>(classes)};
}

std::vector<float> outputOf(const std::shared_ptr<const Model>& model, const Trace& trace)
{
    if (!model || model->outputs.empty())
        return {};
    const Tensor value = Shown{model.get(), &trace, model->outputs.front().port}.value();
    return value.isNull() ? std::vector<float>() : firstRow(value);
}

bool areProbabilities(const std::vector<float>& values)
{
    const float sum = std::accumulate(values.begin(), values.end(), 0.0f);
    return std::all_of(values.begin(), values.end(), [](float v) { return v >= 0 && v <= 1; }) && std::abs(sum - 1) < 1e-3f;
}

/// The output that is shown of several: the one that differs most, one that could not be compared before those that tie out.
const core::compare::OutputResult* shownOutput(const Result& result)
{
    const auto& outputs = result.report.outputs;
    if (!result.compared || outputs.empty())
        return nullptr;
    const auto rank = [](const core::compare::OutputResult& output) {
        const double error = output.metrics ? output.metrics->scaledMax : 0;
        return std::tuple(output.differs, !output.tiesOut, std::isnan(error) ? HUGE_VAL : error);
    };
    return &*std::max_element(outputs.begin(), outputs.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

/// "flag, 1 of 2 outputs", empty where there is one.
QString whichOutput(const Result& result, const core::compare::OutputResult* output)
{
    if (output)
        return result.report.outputs.size() < 2 ? QString()
                                                : tr("%1, 1 of %2 outputs")
                                                      .arg(text(output->right.empty() ? output->left : output->right))
                                                      .arg(result.report.outputs.size());
    const auto& runs = result.pair->runLeft ? result.pair->runLeft : result.pair->runRight;
    return !runs || runs->outputs.size() < 2 ? QString() : tr("the first of %1 outputs").arg(runs->outputs.size());
}

}

int resultOf(const core::compare::Report& report, const std::string& layer, bool onLeft)
{
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const auto& names = onLeft ? report.layers[i].leftLayers : report.layers[i].rightLayers;
        if (std::find(names.begin(), names.end(), layer) != names.end())
            return static_cast<int>(i);
    }
    return -1;
}

widgets::HeatmapValues heatmapValues(const Workspace& workspace, const QString& layer, bool onLeft)
{
    widgets::HeatmapValues values;
    const auto result = workspace.result();
    const auto pair = result ? result->pair : workspace.pair();
    const auto leftModel = workspace.model(Side::Left), rightModel = workspace.model(Side::Right);
    const auto names = widgets::sideNames(leftModel ? leftModel->framework : core::Framework::None,
                                          rightModel ? rightModel->framework : core::Framework::None);
    values.left = names[0];
    values.right = names[1];
    values.layer = layer;
    values.tolerance = workspace.choices().tolerance;
    Shown left{pair ? running(pair->runLeft, pair->left) : leftModel.get(), result ? &result->traces.left : nullptr, {}};
    Shown right{pair ? running(pair->runRight, pair->right) : rightModel.get(), result ? &result->traces.right : nullptr, {}};
    const int row = result ? resultOf(result->report, layer.toStdString(), onLeft) : -1;
    if (row >= 0) {
        left.port = result->report.layers[static_cast<std::size_t>(row)].leftOp;
        right.port = result->report.layers[static_cast<std::size_t>(row)].rightOp;
    } else if (Shown& side = onLeft ? left : right; side.model) {
        side.port = side.model->opIndex(layer.toStdString());
    }
    values.leftValue = left.value();
    values.rightValue = right.value();
    values.leftDetail = detail(left, values.leftValue);
    values.rightDetail = detail(right, values.rightValue);
    const bool hasLayer = !layer.isEmpty();
    if (values.leftValue.isNull())
        values.leftProblem = problemOf(left, result ? result->problemLeft : std::string(), names[0], hasLayer);
    if (values.rightValue.isNull())
        values.rightProblem = problemOf(right, result ? result->problemRight : std::string(), names[1], hasLayer);
    if (values.leftValue.isNull() || values.rightValue.isNull()) {
        values.differenceProblem = tr("needs both sides");
        return values;
    }
    try {
        values.leftValue = core::compare::broughtToLayout(values.leftValue, values.rightValue);
    } catch (const core::Error& error) {
        values.differenceProblem = QString::fromUtf8(error.what());
    }
    return values;
}

widgets::HeatmapValues aloneValues(const Workspace& workspace, const QString& layer, bool onLeft)
{
    widgets::HeatmapValues values = heatmapValues(workspace, layer, onLeft);
    const auto result = workspace.result();
    const auto run = workspace.alone();
    values.layer = tr("%1 alone").arg(layer);
    values.leftValue = values.rightValue = {};
    values.leftProblem = values.rightProblem = values.differenceProblem = tr("running this layer alone …");
    if (!run || !result || run->row != resultOf(result->report, layer.toStdString(), onLeft))
        return values;
    values.leftValue = run->values.left;
    values.rightValue = run->values.right;
    values.leftProblem = values.rightProblem = run->problem.empty() ? QString() : tr("cannot run alone: %1").arg(text(run->problem));
    values.differenceProblem = !run->problem.empty()  ? tr("needs both sides")
                               : !run->values.metrics ? tr("the shapes disagree")
                                                      : QString();
    return values;
}

QString errorsText(const core::compare::LayerResult& layer)
{
    const auto figure = [](std::optional<double> error, bool differs) {
        return error ? widgets::twoDigits(*error) : differs ? tr("shapes disagree") : QString();
    };
    const QString whole = figure(layer.metrics ? std::optional(layer.metrics->scaledMax) : std::nullopt, layer.differs);
    const QString alone = figure(layer.localScaledMax, layer.localDiffers);
    if (whole.isEmpty())
        return {};
    return alone.isEmpty() ? tr("max |d|: %1 up to here").arg(whole) : tr("max |d|: %1 up to here, %2 alone").arg(whole, alone);
}

widgets::DigitOutputs digitOutputs(const Workspace& workspace)
{
    widgets::DigitOutputs outputs;
    const auto result = workspace.result();
    if (!workspace.model(Side::Left))
        outputs.leftProblem = tr("no model");
    if (!workspace.model(Side::Right))
        outputs.rightProblem = tr("no model");
    if (!result)
        return outputs;
    const core::compare::OutputResult* shown = shownOutput(*result);
    if (shown) {
        outputs.left = firstRow(shown->leftValue);
        outputs.right = firstRow(shown->rightValue);
    } else {
        outputs.left = outputOf(result->pair->runLeft, result->traces.left);
        outputs.right = outputOf(result->pair->runRight, result->traces.right);
    }
    if (outputs.left.empty() && outputs.leftProblem.isEmpty())
        outputs.leftProblem = tr("cannot run");
    if (outputs.right.empty() && outputs.rightProblem.isEmpty())
        outputs.rightProblem = tr("cannot run");
    const auto holdsNan = [](const std::vector<float>& values) {
        return std::any_of(values.begin(), values.end(), [](float value) { return std::isnan(value); });
    };
    outputs.probabilities = areProbabilities(outputs.left.empty() || holdsNan(outputs.left) ? outputs.right : outputs.left);
    const bool brought = shown && !shown->broughtTo.empty();
    outputs.form = outputs.left.empty() && outputs.right.empty()       ? QString()
                   : holdsNan(outputs.left) || holdsNan(outputs.right) ? tr("not a number")
                   : !outputs.probabilities                            ? tr("logits")
                   : brought                                           ? tr("both as softmax, 0 … 1")
                                                                       : tr("softmax, 0 … 1");
    const QString which = whichOutput(*result, shown);
    if (!which.isEmpty())
        outputs.form = outputs.form.isEmpty() ? which : which + QStringLiteral(" · ") + outputs.form;
    return outputs;
}

}
