// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/engine.h"

#include "core/engines/keras/kerasengine.h"
#include "core/engines/torch/torchengine.h"
#include "core/layers/room.h"

#include <csignal>

namespace core::engines {

std::unique_ptr<Engine> makeEngine(std::shared_ptr<const Model> model, const Progress& progress)
{
    if (!model->wired)
        throw Error("model-not-wired").file(model->origin.path).expected("a network").found("parameters without an order of computation");
    layers::checkRoom(*model);
    switch (model->framework) {
    case Framework::Torch:
        return std::make_unique<TorchEngine>(std::move(model), progress);
    case Framework::Keras:
        return std::make_unique<KerasEngine>(std::move(model), progress);
    case Framework::None:
        break;
    }
    throw Error("model-not-wired").file(model->origin.path).expected("a PyTorch or Keras network").found("plain arrays");
}

void prestartTorch()
{
    try {
        TorchWorker::shared()->start();
    } catch (const Error&) { // told when it is needed
    }
}

void endTorch()
{
    if (const int process = torchWorkerProcessId(); process > 0)
        ::kill(process, SIGKILL);
}

int torchWorkerProcessId()
{
    return TorchWorker::shared()->processId();
}

std::string torchVersion()
{
    const auto answer = TorchWorker::shared()->request(Json{{"request", "version"}});
    return printable(answer.head.value("version", std::string()));
}

}
