// SPDX-License-Identifier: GPL-3.0-or-later
// Where the model of a checkpoint is, what its names and shapes tell, and what the file holds beside it.
#include "torchfixture.h"

using core::Global;
using core::Model;
using core::Note;
using namespace torchbytes;
using namespace std::string_literals;

namespace {

/// A tensor of `shape` over the storage "0", all of whose elements are its first one.
std::string shaped(const std::vector<std::int64_t>& shape)
{
    return tensor({.shape = shape, .strides = std::vector<std::int64_t>(shape.size(), 0)});
}

/// "name:Class{attributes} " of every layer.
std::string layers(const Model& model)
{
    std::string out;
    for (const core::Layer& layer : model.layers) {
        out += layer.name + ":" + layer.kind + "{";
        for (const auto& [name, value] : layer.attributes)
            out += name + "=" + core::text(value) + " ";
        out += layer.supported ? "} " : "}! ";
    }
    return out;
}

std::string names(const Model& model)
{
    std::string out;
    for (const core::Parameter& parameter : model.parameters)
        out += parameter.name + " ";
    return out;
}

const std::string small = dict({{"a.weight", tensor({})}, {"a.bias", shaped({2})}});

}

class TestTorchCheckpoints : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void search_data();
    void search();
    void prefixes_data();
    void prefixes();
    void wrappedModules();
    void guesses_data();
    void guesses();
    void metadata();
    void attributes();
    void globals();
    void cappedEntries();

private:
    Folder m_folder;
};

void TestTorchCheckpoints::search_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("expectedNames");
    QTest::addColumn<QString>("expectedEntries");
    const auto row = [](const char* name, const std::string& value, const char* content, const char* found, const char* beside) {
        QTest::newRow(name) << QByteArray::fromStdString(value) << QString(content) << QString(found) << QString(beside);
    };
    const std::string optimizer = dict({{"state", "}K\0"s + dict({{"exp_avg", tensor({})}}) + "s"},
                                        {"param_groups", "](" + dict({{"lr", "K\1"}, {"betas", "K\2K\3\x86"}}) + "e"}});
    row("deep", dict({{"a", dict({{"b", dict({{"state_dict", small}})}})}, {"epoch", "K\5"}}), "checkpoint", "a.weight a.bias ",
        "epoch=5 ");
    row("in a tuple", "(" + small + "K\5t", "checkpoint", "a.weight a.bias ", "1=5 ");
    row("a module", dict({{"net", linear({}, 3, 2)}, {"epoch", "K\5"}}), "checkpoint", "weight ", "epoch=5 ");
    row("two models", dict({{"generator", small}, {"discriminator", dict({{"d.weight", tensor({})}})}}), "checkpoint", "a.weight a.bias ",
        "discriminator.d.weight=float32 [2,3] ");
    row("two of no usual name", dict({{"D", dict({{"d.weight", tensor({})}})}, {"G", small}}), "checkpoint", "a.weight a.bias ",
        "D.d.weight=float32 [2,3] ");
    row("an optimizer", dict({{"optimizer", optimizer}, {"net", small}}), "checkpoint", "a.weight a.bias ",
        "optimizer.state.0.exp_avg=float32 [2,3] optimizer.param_groups.0.lr=1 optimizer.param_groups.0.betas=(2, 3) ");
    row("an optimizer alone", optimizer, "tensors", "state.0.exp_avg ", "param_groups.0.lr=1 param_groups.0.betas=(2, 3) ");
    row("tensors beside the model", dict({{"state_dict", small}, {"mean", shaped({3})}}), "checkpoint", "a.weight a.bias ",
        "mean=float32 [3] ");
    row("arguments", dict({{"args", "cargparse\nNamespace\n)\x81" + dict({{"lr", "K\1"}, {"name", text("net")}}) + "b"}, {"model", small}}),
        "checkpoint", "a.weight a.bias ", "args.lr=1 args.name='net' ");
    row("layers by dicts", dict({{"one", dict({{"weight", tensor({})}})}, {"two", dict({{"weight", tensor({})}})}}), "tensors",
        "one.weight two.weight ", "");
    row("an object of a class", "c__main__\nTrainer\n)\x81" + dict({{"model", small}, {"step", "K\7"}}) + "b", "checkpoint",
        "a.weight a.bias ", "value=an object of the class __main__.Trainer step=7 ");
}

void TestTorchCheckpoints::search()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, content);
    QFETCH(QString, expectedNames);
    QFETCH(QString, expectedEntries);
    const Model model = m_folder.openValue(value.toStdString());
    QCOMPARE(model.origin.content, content.toStdString());
    QCOMPARE(names(model), expectedNames.toStdString());
    QCOMPARE(entries(model), expectedEntries.toStdString());
    QCOMPARE(noteOf(model, "torch-several") != nullptr, QByteArray(QTest::currentDataTag()).startsWith("two"));
}

void TestTorchCheckpoints::prefixes_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QStringList>("stripped");
    const auto row = [](const char* name, const std::string& value, const char* expected, const QStringList& stripped) {
        QTest::newRow(name) << QByteArray::fromStdString(value) << QString(expected) << stripped;
    };
    const auto weights = [](const std::string& first, const std::string& second) {
        return dict({{first, tensor({})}, {second, tensor({})}});
    };
    row("none", weights("a.weight", "b.weight"), "a.weight b.weight ", {});
    row("DataParallel", weights("module.a.weight", "module.b.weight"), "a.weight b.weight ", {"module."});
    row("only one has it", weights("module.a.weight", "b.weight"), "module.a.weight b.weight ", {});
    row("compiled in parallel", weights("module._orig_mod.a.weight", "module._orig_mod.b.weight"), "a.weight b.weight ",
        {"module.", "_orig_mod."});
    row("averaged", dict({{"n_averaged", shaped({})}, {"module.a.weight", tensor({})}}), "n_averaged a.weight ", {"module."});
    row("a layer is called model", weights("model.a.weight", "model.b.weight"), "model.a.weight model.b.weight ", {});
    const auto lightning = [&](const std::string& state) {
        return dict({{"pytorch-lightning_version", text("2.1")}, {"state_dict", state}});
    };
    row("Lightning", lightning(weights("net.a.weight", "net.b.weight")), "a.weight b.weight ", {"net."});
    row("Lightning with one layer", lightning(weights("fc.weight", "fc.other")), "fc.weight fc.other ", {});
}

void TestTorchCheckpoints::prefixes()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, expected);
    QFETCH(QStringList, stripped);
    const Model model = m_folder.openValue(value.toStdString());
    QCOMPARE(names(model), expected.toStdString());
    QStringList told;
    for (const Note& note : model.notes)
        if (note.message.id == "torch-prefix")
            told << QString::fromStdString(note.message.arguments.at(0));
    QCOMPARE(told, stripped);
}

void TestTorchCheckpoints::wrappedModules()
{
    const std::string inner = linear({}, 3, 2);
    for (const char* wrapper : {"torch.nn.parallel.data_parallel\nDataParallel", "torch.optim.swa_utils\nAveragedModel",
                                "torch._dynamo.eval_frame\nOptimizedModule"}) {
        const Model model = m_folder.openValue(module(wrapper, {{"module", inner}}));
        QVERIFY(model.wired);
        QCOMPARE(names(model), "weight "s);
        QVERIFY(noteOf(model, "torch-prefix"));
    }
    QCOMPARE(names(m_folder.openValue(module("__main__\nDataParallel", {{"module", inner}}))), "module.weight "s);
    std::string nested = inner;
    for (int i = 0; i < 300; ++i)
        nested = module("torch.nn.parallel.data_parallel\nDataParallel", {{"module", nested}});
    QCOMPARE(m_folder.errorOf(file(nested, {{"0", sixFloats}})), "torch-module"s);
}

void TestTorchCheckpoints::guesses_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const Items& tensors, const char* expected) {
        QTest::newRow(name) << QByteArray::fromStdString(dict(tensors)) << QString(expected);
    };
    const auto of = [](std::initializer_list<std::pair<const char*, std::vector<std::int64_t>>> shapes) {
        Items items;
        for (const auto& [name, shape] : shapes)
            items.emplace_back(name, shaped(shape));
        return items;
    };
    row("Conv2d", of({{"a.weight", {4, 3, 5, 5}}, {"a.bias", {4}}}), "a:Conv2d{bias=true filters=4 kernel=[5,5] } ");
    row("Conv1d", of({{"a.weight", {4, 3, 5}}}), "a:Conv1d or ConvTranspose1d{bias=false filters=4 kernel=[5] } ");
    row("ConvTranspose2d by its bias", of({{"a.weight", {3, 4, 3, 3}}, {"a.bias", {4}}}),
        "a:ConvTranspose2d{bias=true filters=4 groups=1 kernel=[3,3] } ");
    row("ConvTranspose2d with groups", of({{"a.weight", {4, 3, 3, 3}}, {"a.bias", {6}}}),
        "a:ConvTranspose2d{bias=true filters=6 groups=2 kernel=[3,3] } ");
    row("a bias that fits neither", of({{"a.weight", {3, 4, 3, 3}}, {"a.bias", {5}}}), "a:{}! ");
    row("as many channels in as out", of({{"a.weight", {4, 4, 3, 3}}, {"a.bias", {4}}}),
        "a:Conv2d or ConvTranspose2d{bias=true filters=4 kernel=[3,3] } ");
    row("Linear with a bias", of({{"a.weight", {4, 3}}, {"a.bias", {4}}}), "a:Linear{bias=true units=4 } ");
    row("Linear", of({{"a.weight", {4, 3}}}), "a:Linear or Embedding{bias=false units=4 } ");
    row("a matrix whose bias does not fit", of({{"a.weight", {4, 3}}, {"a.bias", {3}}}), "a:{}! ");
    row("Embedding", of({{"tok_emb.weight", {10, 3}}}), "tok_emb:Embedding or Linear{rows=10 units=3 } ");
    row("LayerNorm", of({{"a.weight", {4}}, {"a.bias", {4}}}),
        "a:LayerNorm, GroupNorm, BatchNorm or InstanceNorm{center=true scale=true } ");
    row("RMSNorm", of({{"norm.weight", {4}}}), "norm:RMSNorm or LayerNorm{scale=true } ");
    row("PReLU", of({{"act.weight", {1}}}), "act:PReLU, RMSNorm or LayerNorm{count=1 } ");
    row("LSTM",
        of({{"r.weight_ih_l0", {20, 3}},
            {"r.weight_hh_l0", {20, 5}},
            {"r.weight_ih_l0_reverse", {20, 3}},
            {"r.weight_hh_l0_reverse", {20, 5}}}),
        "r:LSTM{bias=false bidirectional=true hidden_size=5 input_size=3 num_layers=1 } ");
    row("LSTM with projection", of({{"r.weight_ih_l0", {20, 3}}, {"r.weight_hh_l0", {20, 2}}, {"r.weight_hr_l0", {2, 5}}}),
        "r:LSTM{bias=false bidirectional=false hidden_size=5 input_size=3 num_layers=1 proj_size=2 }! ");
    row("GRU of two layers",
        of({{"r.weight_ih_l0", {15, 3}}, {"r.weight_hh_l0", {15, 5}}, {"r.bias_ih_l0", {15}}, {"r.weight_ih_l1", {15, 5}}}),
        "r:GRU{bias=true bidirectional=false hidden_size=5 input_size=3 num_layers=2 }! ");
    row("RNNCell", of({{"r.weight_ih", {5, 3}}, {"r.weight_hh", {5, 5}}}), "r:RNNCell{hidden_size=5 input_size=3 }! ");
    row("no recurrent shapes", of({{"r.weight_ih_l0", {7, 3}}, {"r.weight_hh_l0", {7, 5}}}), "r:{}! ");
    row("MultiheadAttention", of({{"m.in_proj_weight", {12, 4}}}), "m:MultiheadAttention{bias=false packed=true }! ");
    row("MultiheadAttention with its inner module",
        of({{"m.in_proj_weight", {12, 4}}, {"m.out_proj.weight", {4, 4}}, {"m.out_proj.bias", {4}}}),
        "m:MultiheadAttention{bias=false packed=true units=4 } ");
    row("weight_norm", of({{"a.bias", {4}}, {"a.weight_g", {4, 1}}, {"a.weight_v", {4, 3}}}), "a:Linear{bias=true units=4 } ");
    row("weight_norm as a parametrisation",
        of({{"a.parametrizations.weight.original0", {4, 1, 1, 1}}, {"a.parametrizations.weight.original1", {4, 3, 2, 2}}}),
        "a:Conv2d or ConvTranspose2d{bias=false filters=4 kernel=[2,2] } ");
    row("spectral_norm", of({{"a.weight_orig", {4, 3}}, {"a.weight_u", {4}}, {"a.weight_v", {3}}}),
        "a:Linear or Embedding{bias=false units=4 } ");
    row("weight_norm that fits no weight", of({{"a.weight_g", {3, 1}}, {"a.weight_v", {4, 3}}}),
        "a:Linear or Embedding{bias=false units=4 }! ");
    row("BatchNorm", of({{"a.weight", {4}}, {"a.bias", {4}}, {"a.running_mean", {4}}, {"a.running_var", {4}}}),
        "a:BatchNorm{center=true scale=true } ");
    row("nothing known", of({{"a.table", {4, 4}}}), "a:{}! ");
}

void TestTorchCheckpoints::guesses()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, expected);
    const Model model = m_folder.openValue(value.toStdString());
    QCOMPARE(layers(model), expected.toStdString());
    const bool isNormalised = QByteArray(QTest::currentDataTag()).contains("_norm");
    QCOMPARE(noteOf(model, "torch-normalised") != nullptr, isNormalised);
    QCOMPARE(noteOf(model, "guessed-class") != nullptr, expected.contains(" or "));
    const Model stored = asStored(model);
    QVERIFY(!isNormalised || !stored.parameter("a.weight"));
    QVERIFY(std::all_of(stored.parameters.begin(), stored.parameters.end(),
                        [&](const auto& parameter) { return model.parameter(parameter.name) != nullptr; }));
}

/// _metadata names every module in order, those without weights too.
void TestTorchCheckpoints::metadata()
{
    Items modules;
    for (const char* name : {"", "module", "module.conv", "module.act", "module.block", "module.block.fc", "module.block.drop"})
        modules.emplace_back(name, dict({{"version", "K\1"}}));
    const std::string state = orderedDict + "(" + text("module.conv.weight") + shaped({4, 3, 5, 5}) + text("module.block.fc.weight") +
                              shaped({4, 3}) + "u" + dict({{"_metadata", dict(modules)}}) + "b";
    const Model model = m_folder.openValue(state);
    QCOMPARE(layers(model),
             "conv:Conv2d or ConvTranspose2d{bias=false filters=4 kernel=[5,5] } act:{}! block.fc:Linear or Embedding{bias=false units=4 } "
             "block.drop:{}! "s);
    QCOMPARE(kinds(model), "conv:conv2d block.fc:linear "s);
}

/// All that a module says of itself is shown: None, objects and tensors in words.
void TestTorchCheckpoints::attributes()
{
    const Model model = m_folder.openValue(
        module("torch.nn.modules.container\nSequential", {{"0", module("torch.nn.modules.upsampling\nUpsample", {}, {},
                                                                       {{"size", "N"},
                                                                        {"scale_factor", "G@\0\0\0\0\0\0\0G@\0\0\0\0\0\0\0\x86"s},
                                                                        {"mode", text("nearest")},
                                                                        {"dtype", "ctorch\nfloat16\n"},
                                                                        {"cache", tensor({})},
                                                                        {"config", "K\7"},
                                                                        {"_private", "K\1"}})}}));
    QCOMPARE(layers(model), "0:Upsample{cache=float32 [2,3] config=7 dtype=torch.float16 mode=nearest scale_factor=[2,2] size=None } "s);
}

void TestTorchCheckpoints::globals()
{
    const Model model =
        m_folder.openValue(dict({{"w.weight", tensor({})},
                                 {"x.weight", tensor({})},
                                 {"y.weight", tensor({})},
                                 {"z.weight", tensor({})},
                                 {"odd", "](ctorch\nfloat16\ncos\nsystem\ncbuiltins\neval\nc__main__\nNet\ncmypackage.deep\nOuter.Inner\n"
                                         "ctorch\nserialization.os.system\ncbuiltins\nset\ne"}}));
    std::string found;
    for (const Global& global : model.globals)
        if (global.name.find("_rebuild") == global.name.npos && global.name.find("Storage") == global.name.npos)
            found += global.name + ":" + std::string(name(global.sort)) + " ";
    QCOMPARE(found, "collections.OrderedDict:usual torch.float16:usual os.system:harmful builtins.eval:harmful __main__.Net:foreign "
                    "mypackage.deep.Outer.Inner:foreign torch.serialization.os.system:harmful builtins.set:usual "s);
    QCOMPARE(noteOf(model, "torch-global-harmful")->message.text, "The file asks for os.system and 2 more: shown, never run."s);
    QCOMPARE(noteOf(model, "torch-global")->message.text,
             "The file asks for __main__.Net and 1 more, which PyTorch's own safe reader does not allow: kept as data, never run."s);
}

void TestTorchCheckpoints::cappedEntries()
{
    std::string many = "}(";
    for (int i = 0; i < 1500; ++i)
        many += text("key" + std::to_string(i)) + text(std::string(1000, 'x'));
    const Model model = m_folder.openValue(dict({{"state_dict", small}, {"many", many + "u"}}));
    QCOMPARE(model.entries.size(), std::size_t{1000});
    QVERIFY(model.entries[0].value.size() < 300);
    QCOMPARE(noteOf(model, "torch-entries")->message.text, "500 more entries of the file are not listed."s);
}

QTEST_APPLESS_MAIN(TestTorchCheckpoints)
#include "tst_torchcheckpoints.moc"
