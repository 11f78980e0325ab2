// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/text.h"

#include <QTest>

using core::Global;
using core::Model;

class TestInfoText : public QObject
{
    Q_OBJECT

private:
    static bool has(const Model& model, const std::string& text)
    {
        const std::string all = core::report::infoText(model, {});
        return all.find(text) != std::string::npos;
    }

private Q_SLOTS:
    void countsInWords()
    {
        Model model;
        QVERIFY(has(model, "0 parameters in 0 tensors, file of 0 bytes\n"));
        model.parameters.resize(1);
        model.parameters[0].name = "w";
        model.parameters[0].source = {core::DType::Float32, {}, core::SharedBytes()};
        model.origin.fileSize = 4096;
        QVERIFY(has(model, "1 parameter in 1 tensor, file of 4,096 bytes\n"));
    }

    void alignsEntries()
    {
        Model model;
        model.entries = {{"epoch", "3"}, {"optimizer.lr", "0.001"}};
        QVERIFY(has(model, "epoch             3\n"));
        QVERIFY(has(model, "optimizer.lr      0.001\n"));
    }

    void shortensEntries()
    {
        Model model;
        model.entries = {{"source", "\nclass Net(nn.Module):\n    pass\n"}};
        QVERIFY(has(model, "class Net(nn.Module): ... (32 bytes)\n"));
        QVERIFY(!has(model, "pass"));
    }

    void showsTwentyEntries()
    {
        Model model;
        for (int i = 0; i < 20; ++i)
            model.entries.push_back({"entry" + std::to_string(i), "x"});
        QVERIFY(has(model, "entry19") && !has(model, " more"));
        for (int i = 20; i < 1025; ++i)
            model.entries.push_back({"entry" + std::to_string(i), "x"});
        QVERIFY(has(model, "entry19") && !has(model, "entry20"));
        QVERIFY(has(model, "and 1,005 more (--json tells all)\n"));
    }

    void marksGlobals()
    {
        Model model;
        QVERIFY(!has(model, "Python"));
        model.globals = {{"collections.OrderedDict", Global::Sort::Usual}};
        QVERIFY(has(model, "names 1 class or function of Python, all usual\n"));
        QVERIFY(!has(model, "OrderedDict"));
        model.globals.push_back({"mine.Net", Global::Sort::Foreign});
        model.globals.push_back({"os.system", Global::Sort::Harmful});
        QVERIFY(has(model, "beside 1 usual:\n  HARMFUL  os.system\n  foreign  mine.Net\n"));
        QVERIFY(!has(model, "OrderedDict"));
    }

    void neverHidesWhatIsHarmful()
    {
        Model model;
        for (int i = 0; i < 30; ++i)
            model.globals.push_back({"mine.C" + std::to_string(i), Global::Sort::Foreign});
        for (int i = 0; i < 30; ++i)
            model.globals.push_back({"os.f" + std::to_string(i), Global::Sort::Harmful});
        QVERIFY(has(model, "mine.C19\n") && !has(model, "mine.C20") && has(model, "and 10 more foreign ones"));
        QVERIFY(has(model, "HARMFUL  os.f29\n"));
    }

    void tellsLayersOfUnknownKind()
    {
        Model model;
        model.layers.resize(2);
        model.layers[0].name = "a";
        model.layers[1].name = "b";
        model.layers[1].kind = "Mine";
        model.layers[0].supported = model.layers[1].supported = false;
        QVERIFY(has(model, "\n  a      (cannot run yet)"));
        QVERIFY(has(model, "\n  b      Mine (cannot run yet)"));
    }
};

QTEST_GUILESS_MAIN(TestInfoText)
#include "tst_infotext.moc"
