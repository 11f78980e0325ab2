// SPDX-License-Identifier: GPL-3.0-or-later
// Maps large networks: twelve thousand layers in a row, five hundred in residual blocks that one side lists otherwise and with a layer more
// in each. Fails when a median or the memory is over its limit.
#include "core/mapping/mapping.h"
#include "report.h"

#include <exception>
#include <fstream>
#include <string>

namespace {

using namespace core;

/// Layers of one shape; each op is named after its place in the network, so that both sides can be told apart and compared.
class Net
{
public:
    explicit Net(Framework framework)
    {
        m_model.framework = framework;
        m_model.wired = true;
        m_model.ops.push_back({"input", "input", "", {}, {}, {}, ""});
    }

    int linear(int input, const std::string& name)
    {
        const int op = add("linear", input, name);
        Parameter kernel;
        kernel.name = name + ".kernel";
        kernel.layer = name;
        kernel.role = "kernel";
        kernel.source = {DType::Float32, {4, 4}, std::make_shared<const std::vector<std::byte>>(64)};
        m_model.ops.back().parameters = {{"kernel", kernel.name}};
        m_model.parameters.push_back(std::move(kernel));
        return op;
    }

    int add(const std::string& kind, int input, const std::string& name)
    {
        m_model.layers.push_back({name, kind, {}, {}, true});
        m_model.ops.push_back({name, kind, name, {}, {input}, {}, ""});
        return last();
    }

    int sum(int a, int b, const std::string& name)
    {
        m_model.layers.push_back({name, "add", {}, {}, false});
        m_model.ops.push_back({name, "", name, {}, {a, b}, {}, "it cannot run"});
        return last();
    }

    int last() const { return static_cast<int>(m_model.ops.size()) - 1; }

    Model model()
    {
        m_model.outputs = {last()};
        m_model.indexNames();
        return m_model;
    }

private:
    Model m_model;
};

Model chain(Framework framework, int length)
{
    Net net(framework);
    for (int i = 0; i < length; ++i)
        net.linear(net.last(), (framework == Framework::Torch ? "step." : "layer_") + std::to_string(i));
    return net.model();
}

Model residual(Framework framework, int blocks)
{
    const bool torch = framework == Framework::Torch;
    Net net(framework);
    for (int i = 0; i < blocks; ++i) {
        const std::string prefix = (torch ? "t" : "k") + std::to_string(i);
        const int start = net.last(), early = torch ? -1 : net.linear(start, prefix + "skip");
        int path = net.linear(start, prefix + "one");
        if (!torch)
            path = net.add("sigmoid", path, prefix + "more");
        path = net.linear(net.add("relu", path, prefix + "act"), prefix + "two");
        net.sum(path, torch ? net.linear(start, prefix + "skip") : early, prefix + "sum");
    }
    return net.model();
}

/// The most memory that the process has held so far, in MB.
double peakMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (double kilobytes = 0; word == "VmHWM:" && status >> kilobytes)
            return kilobytes / 1024;
    return 0;
}

}

int main()
try {
    const auto measure = [](const char* what, const Model& left, const Model& right, double limit) {
        std::size_t links = 0;
        const auto times = bench::timed(3, [&] { links = mapping::autoMap(left, right).links.size(); });
        return bench::report(what, times, limit) && links == left.layers.size();
    };
    bool isFast = measure("map 500 layers in blocks against 600", residual(Framework::Torch, 100), residual(Framework::Keras, 100), 1000);
    isFast = measure("map 12,500 layers against 12,500", chain(Framework::Torch, 12'500), chain(Framework::Keras, 12'500), 5000) && isFast;
    return bench::report("memory to map them", {peakMemory()}, 300, "MB") && isFast ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
}
