// SPDX-License-Identifier: GPL-3.0-or-later
#include "torchfixture.h"

using bytes::little;
using core::Model;
using core::Note;
using core::formats::openModel;
using namespace torchbytes;
using namespace std::string_literals;

class TestTorchReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sequential();
    void ownClass();
    void ownClassInSequential();
    void sequentialInOwnClass();
    void weightsThatDisagree();
    void checkpoint();
    void oddKeys();
    void harmful();
    void deepModules();
    void samples();

private:
    Folder m_folder;
};

void TestTorchReader::sequential()
{
    const std::string tanh = module("torch.nn.modules.activation\nTanh", {});
    const std::string inner =
        module("torch.nn.modules.container\nSequential", {{"0", tanh}, {"1", linear({.shape = {3, 2}, .strides = {2, 1}}, 2, 3)}});
    const Model model = m_folder.openValue(
        module("torch.nn.modules.container\nSequential",
               {{"0", linear({}, 3, 2)}, {"act", tanh}, {"inner", inner}, {"2", module("torch.nn.modules.fold\nUnfold", {})}}));
    QCOMPARE(model.origin.format, "torch-zip"s);
    QCOMPARE(model.origin.content, "module"s);
    QVERIFY(model.wired);
    QCOMPARE(kinds(model), "input:input 0:linear act:tanh inner.0:tanh inner.1:linear 2:?! "s);
    for (std::size_t i = 1; i < model.ops.size(); ++i)
        QCOMPARE(model.ops[i].inputs, std::vector<core::Input>{static_cast<int>(i) - 1});
    QCOMPARE(model.outputs, std::vector<core::Output>{5});
    QCOMPARE(model.layers.size(), std::size_t{5});
    QCOMPARE(model.layers[0].kind, "Linear"s);
    QCOMPARE(model.layers[0].attributes.integer("in_features"), std::int64_t{3});
    QCOMPARE(model.parameters[0].name, "0.weight"s);
    QCOMPARE(model.parameters[0].role, "kernel"s);
    QCOMPARE(model.parameters[0].trainable, std::optional<bool>(true));
    QCOMPARE(model.parameters[1].name, "inner.1.weight"s);
    QCOMPARE(model.ops[1].parameters.at("kernel"), "0.weight"s);
    QVERIFY(!model.layers[4].supported);
    QVERIFY(m_folder.openValue(linear({}, 3, 2)).wired);
}

/// T16: the tree of a class that is not in the file, with a state that only its own code could read.
void TestTorchReader::ownClass()
{
    const std::string block =
        module("__main__\nBlock", {{"fc", linear({}, 3, 2)}}, {{"scale", parameter({.shape = {2}, .strides = {1}}, false)}});
    const std::string norm =
        module("torch.nn.modules.batchnorm\nBatchNorm1d", {},
               {{"weight", parameter({.shape = {6}, .strides = {1}})}, {"bias", parameter({.shape = {6}, .strides = {1}})}},
               {{"eps", "G\x3E\xE4\xF8\xB5\x88\xE3\x68\xF1"}, {"momentum", "N"}, {"num_features", integer(6)}},
               {{"running_mean", tensor({.shape = {6}, .strides = {1}})},
                {"running_var", tensor({.shape = {6}, .strides = {1}})},
                {"num_batches_tracked", "N"}});
    const Model model =
        m_folder.openValue(module("__main__\nNet", {{"block", block}, {"norm", norm}, {"odd", module("other\nThing", {})}}));
    QVERIFY(!model.wired);
    QCOMPARE(kinds(model), "block:?! block.fc:linear norm:batchnorm odd:?! "s);
    QVERIFY(noteOf(model, "torch-class"));
    QVERIFY(noteOf(model, "torch-class")->message.text.find("__main__.Net") != std::string::npos);
    QCOMPARE(model.layers[3].kind, "Thing"s);
    QVERIFY(!model.layers[3].supported);
    QCOMPARE(model.parameter("block.scale")->trainable, std::optional<bool>(false));
    QCOMPARE(model.parameter("norm.running_var")->role, "variance"s);
    QCOMPARE(model.parameter("norm.running_var")->trainable, std::optional<bool>(false));
}

/// What follows what is known within a Sequential, and so how the features of a Linear behind its Flatten lie.
void TestTorchReader::sequentialInOwnClass()
{
    const std::string conv = module("torch.nn.modules.conv\nConv2d", {},
                                    {{"weight", parameter({.shape = {2, 1, 1, 1}, .strides = {1, 1, 1, 1}})}, {"bias", "N"}},
                                    {{"in_channels", integer(1)},
                                     {"out_channels", integer(2)},
                                     {"kernel_size", tuple({1, 1})},
                                     {"stride", tuple({1, 1})},
                                     {"padding", tuple({0, 0})},
                                     {"dilation", tuple({1, 1})},
                                     {"groups", integer(1)},
                                     {"padding_mode", text("zeros")}});
    const std::string relu = module("torch.nn.modules.activation\nReLU", {});
    const std::string flatten = module("torch.nn.modules.flatten\nFlatten", {}, {}, {{"start_dim", integer(1)}, {"end_dim", integer(-1)}});
    const std::string fc = linear({.shape = {1, 6}, .strides = {6, 1}}, 6, 1);
    const std::string strange = module("other\nThing", {});
    const auto told = [&](const Items& layers) {
        const std::string all = module("torch.nn.modules.container\nSequential", layers);
        const Model model = m_folder.openValue(module("__main__\nNet", {{"all", all}}));
        return core::text(model.parameter("all.fc.weight")->axes);
    };
    QCOMPARE(told({{"0", conv}, {"1", relu}, {"2", flatten}, {"3", relu}, {"fc", fc}}), "o,flat(C,HW)"s);
    QCOMPARE(told({{"0", conv}, {"1", strange}, {"2", flatten}, {"fc", fc}}), ""s);
    QCOMPARE(told({{"0", conv}, {"2", flatten}, {"1", strange}, {"fc", fc}}), ""s);
    QCOMPARE(told({{"2", flatten}, {"fc", fc}}), ""s);
    const std::string inner = module("torch.nn.modules.container\nSequential", {{"0", conv}, {"1", relu}});
    QCOMPARE(told({{"0", inner}, {"2", flatten}, {"fc", fc}}), "o,flat(C,HW)"s);
    const std::string norm = module("torch.nn.modules.batchnorm\nBatchNorm2d", {}, {{"weight", "N"}, {"bias", "N"}},
                                    {{"num_features", integer(2)}, {"eps", "G\x3E\xE4\xF8\xB5\x88\xE3\x68\xF1"}, {"affine", "\x89"}},
                                    {{"running_mean", tensor({.shape = {2}, .strides = {1}})},
                                     {"running_var", tensor({.shape = {2}, .strides = {1}})},
                                     {"num_batches_tracked", "N"}});
    const std::string pool = module(
        "torch.nn.modules.pooling\nMaxPool2d", {}, {},
        {{"kernel_size", integer(2)}, {"stride", integer(2)}, {"padding", integer(0)}, {"dilation", integer(1)}, {"ceil_mode", "\x89"}});
    QCOMPARE(told({{"0", norm}, {"1", relu}, {"2", pool}, {"3", flatten}, {"fc", fc}}), "o,flat(C,HW)"s);
    QCOMPARE(told({{"0", norm}, {"1", strange}, {"2", pool}, {"3", flatten}, {"fc", fc}}), ""s);
    QCOMPARE(told({{"0", norm}, {"1", fc}, {"2", pool}, {"3", flatten}, {"fc", fc}}), ""s);
    const Model apart = m_folder.openValue(module("__main__\nNet", {{"0", conv}, {"2", flatten}, {"fc", fc}}));
    QVERIFY(!apart.wired && apart.parameter("fc.weight")->axes.empty());
}

/// In a Sequential the order is known even around a class that is not.
void TestTorchReader::ownClassInSequential()
{
    const std::string block = module("__main__\nBlock", {{"fc", linear({}, 3, 2)}});
    const Model model = m_folder.openValue(module("torch.nn.modules.container\nSequential", {{"0", linear({}, 3, 2)}, {"1", block}}));
    QVERIFY(model.wired);
    QCOMPARE(kinds(model), "input:input 0:linear 1:?! "s);
    QCOMPARE(model.layers[1].parameters, std::vector<std::string>{"1.fc.weight"});
    QCOMPARE(model.parameters[1].role, "fc.weight"s);
    QVERIFY(model.ops[2].unsupported.find("__main__.Block") != std::string::npos);
}

void TestTorchReader::weightsThatDisagree()
{
    const Model model = m_folder.openValue(module("torch.nn.modules.container\nSequential", {{"0", linear({}, 3, 5)}}));
    QVERIFY2(model.ops[1].unsupported.find("[2,3]") != std::string::npos, model.ops[1].unsupported.c_str());
    QVERIFY(!model.layers[0].supported);
    // Pruned: the weight is made by a hook before each call.
    const std::string pruned = module("torch.nn.modules.linear\nLinear", {}, {{"weight_orig", parameter({})}, {"bias", "N"}},
                                      {{"in_features", integer(3)},
                                       {"out_features", integer(2)},
                                       {"_forward_pre_hooks", "}K\0ctorch.nn.utils.prune\nIdentity\n)\x81s"s}});
    const Model other = m_folder.openValue(pruned);
    QCOMPARE(other.ops[1].unsupported, "its weight is missing"s);
    QVERIFY(noteOf(other, "torch-hook"));
}

void TestTorchReader::checkpoint()
{
    const std::string state = dict({{"module.fc.weight", tensor({})}, {"module.fc.bias", tensor({.shape = {2}, .strides = {1}})}});
    const std::string optimizer = dict({{"state", dict({{"step", tensor({})}})}, {"lr", "G?\xB9\x99\x99\x99\x99\x99\x9A"}});
    for (const char* key : {"model_state_dict", "state_dict", "model", "my_own_name"}) {
        const Model model = m_folder.openValue(dict({{"epoch", "K\7"}, {"optimizer", optimizer}, {key, state}}));
        QCOMPARE(model.origin.content, "checkpoint"s);
        QCOMPARE(model.parameters.size(), std::size_t{2});
        QCOMPARE(model.parameters[1].name, "fc.bias"s);
        QCOMPARE(model.ops[0].attributes.integer("units"), std::int64_t{2});
        QVERIFY(!model.wired);
        QVERIFY(noteOf(model, "torch-prefix"));
        QCOMPARE(entries(model), "epoch=7 optimizer.state.step=float32 [2,3] optimizer.lr=0.1 "s);
    }
    const Model module = m_folder.openValue(dict({{"epoch", "K\7"}, {"net", linear({}, 3, 2)}}));
    QCOMPARE(module.origin.content, "checkpoint"s);
    QVERIFY(module.wired);
    QCOMPARE(m_folder.openValue(dict({{"a", dict({{"b", "](" + tensor({}) + "K\1" + tensor({}) + "e"}})}})).parameters[1].name, "a.b.2"s);
}

/// P20, P21: names that are no names.
void TestTorchReader::oddKeys()
{
    const std::string value =
        "}(K\3" + tensor({}) + text("a") + tensor({}) + text("a") + tensor({}) + text("b\x1B[31m\xFF") + tensor({}) + "u";
    const Model model = m_folder.openValue(value);
    QCOMPARE(model.parameters.size(), std::size_t{4});
    std::string names;
    for (const core::Parameter& parameter : model.parameters)
        names += parameter.name + " ";
    QCOMPARE(names, "3 a a (2) b\\x1b[31m\\xff "s);
}

/// P01, P02, P03: what would do harm is told and not run.
void TestTorchReader::harmful()
{
    const QString marker = m_folder.path("ran");
    const std::string call = "cos\nsystem\n(" + text("touch " + marker.toStdString()) + "tR";
    const Model whole = m_folder.open(file(call, {}));
    QCOMPARE(whole.origin.content, "object"s);
    const Model within = m_folder.openValue(dict({{"fc.weight", tensor({})},
                                                  {"fc.bias", tensor({.shape = {2}, .strides = {1}})},
                                                  {"x.weight", tensor({})},
                                                  {"y.weight", tensor({})},
                                                  {"evil", call}}));
    for (const Model* model : {&whole, &within}) {
        const Note* note = noteOf(*model, "torch-global-harmful");
        QVERIFY(note);
        QCOMPARE(note->severity, Note::Severity::Error);
        QCOMPARE(note->message.text, "The file asks for os.system: shown, never run."s);
    }
    QCOMPARE(within.parameters.size(), std::size_t{4});
    QVERIFY(noteOf(m_folder.openValue("c__builtin__\neval\n(" + text("1") + "tR"), "torch-global-harmful"));
    QVERIFY(!noteOf(m_folder.openValue(dict({{"fc.weight", tensor({})}})), "torch-global-harmful"));
    QVERIFY(!QFile::exists(marker));
}

/// Modules within modules, and modules that contain each other.
void TestTorchReader::deepModules()
{
    std::string nested = linear({}, 3, 2);
    for (int i = 0; i < 300; ++i)
        nested = module("torch.nn.modules.container\nSequential", {{"0", nested}});
    QCOMPARE(m_folder.errorOf(file(nested, {{"0", sixFloats}})), "torch-module"s);
    const std::string own =
        "c__main__\nNet\n)\x81q\1}(" + text("_parameters") + dict({}) + text("_modules") + "}" + text("self") + "h\1su" + "b";
    QCOMPARE(m_folder.errorOf(file(own, {})), "torch-module"s);
    // Two children that are one module, forty times: 2^40 layers.
    std::string doubled = module("__main__\nA", {{"x", module("torch.nn.modules.activation\nTanh", {})}});
    for (int i = 0; i < 40; ++i)
        doubled = doubled + "q\2" + "0" + module("__main__\nA", {{"x", "h\2"}, {"y", "h\2"}});
    QCOMPARE(m_folder.errorOf(file(doubled, {})), "torch-module"s);
    QCOMPARE(m_folder.errorOf(file(module("torch.nn.modules.container\nSequential", {{"0", doubled}}), {})), "torch-module"s);
}

/// The sample network, made by real PyTorch.
void TestTorchReader::samples()
{
    const Model model = openModel(TIEOUT_SAMPLES "/lenet5.pt");
    QVERIFY(model.wired);
    QCOMPARE(core::parametersTotal(model), std::int64_t{61'706});
    QCOMPARE(
        kinds(model),
        "input:input 0:conv2d 1:tanh 2:avgpool2d 3:conv2d 4:tanh 5:avgpool2d 6:conv2d 7:tanh 8:flatten 9:linear 10:tanh 11:linear 12:softmax "s);
    QCOMPARE(model.parameters.front().name, "0.weight"s);
    QCOMPARE(core::text(model.parameters.front().source.shape), "[6,1,5,5]"s);
    QCOMPARE(model.parameters.back().name, "11.bias"s);
    QVERIFY(model.notes.empty());
    for (const char* other : {"/lenet5_state.pt", "/lenet5_checkpoint.pt"}) {
        const Model state = openModel(TIEOUT_TEST_DATA + std::string(other));
        QVERIFY(!state.wired);
        QCOMPARE(state.parameters.size(), model.parameters.size());
        for (std::size_t i = 0; i < model.parameters.size(); ++i) {
            QCOMPARE(state.parameters[i].name, model.parameters[i].name);
            QCOMPARE(state.parameters[i].role, model.parameters[i].role);
            QVERIFY(sameBits(read(state.parameters[i].source), read(model.parameters[i].source)));
        }
    }
    QCOMPARE(kinds(openModel(TIEOUT_TEST_DATA "/kinds/nested.pt")),
             "input:input 0.0.0:conv2d 0.0.1:relu 0.1:maxpool2d 1.0:flatten 1.1.0:linear 1.1.1:tanh 1.2:linear "s);
}

QTEST_APPLESS_MAIN(TestTorchReader)
#include "tst_torchreader.moc"
