// SPDX-License-Identifier: GPL-3.0-or-later
// What attention and encoder layers are refused for by name, and what differs between two of them.
#include "core/base/error.h"
#include "core/layers/spec.h"
#include "core/layers/steps.h"

#include <QTest>

using namespace core;
namespace L = core::layers;

namespace {

/// nn.TransformerEncoderLayer(8, 2, 16, batch_first=True) as its file tells it.
L::TorchSpec encoder()
{
    L::TorchSpec spec{"TransformerEncoderLayer", {}, {}};
    spec.raw = {{"norm_first", false},
                {"activation_relu_or_gelu", std::int64_t{1}},
                {"self_attn.class", std::string("MultiheadAttention")},
                {"self_attn.embed_dim", std::int64_t{8}},
                {"self_attn.num_heads", std::int64_t{2}},
                {"self_attn.batch_first", true},
                {"linear1.class", std::string("Linear")},
                {"linear1.out_features", std::int64_t{16}},
                {"linear2.class", std::string("Linear")},
                {"linear2.out_features", std::int64_t{8}},
                {"norm1.class", std::string("LayerNorm")},
                {"norm1.normalized_shape", Ints{8}},
                {"norm2.class", std::string("LayerNorm")},
                {"norm2.normalized_shape", Ints{8}}};
    return spec;
}

std::string kindsOf(const L::TorchSpec& spec)
{
    try {
        const std::optional<L::Steps> steps = L::torchSteps(spec);
        std::string result;
        for (const L::Step& step : steps->steps)
            result += (result.empty() ? "" : " ") + step.name + "=" + std::string(step.kind);
        return result;
    } catch (const Error& error) {
        return "refused: " + error.found();
    }
}

/// What Keras' layer is refused for, empty when it runs.
std::string objection(const char* className, const char* config, const char* call)
{
    const L::KerasSpec spec{className, parseJson(config, "config")};
    const L::Kind* kind = L::kindOfKeras(spec);
    try {
        Op op;
        op.attributes = kind->fromKeras(spec);
        kind->fromKerasCall(op, parseJson(call, "call"));
        return {};
    } catch (const Error& error) {
        return error.found();
    }
}

}

class TestAttentionKinds : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void encoders();
    void kerasLayers_data();
    void kerasLayers();
    void products();
    void differences();
};

void TestAttentionKinds::encoders()
{
    const std::string
        after = "self_attn=multihead sum1=add norm1=layernorm linear1=linear activation=relu linear2=linear sum2=add norm2=layernorm",
        before = "norm1=layernorm self_attn=multihead sum1=add norm2=layernorm linear1=linear activation=gelu linear2=linear sum2=add";
    QCOMPARE(kindsOf(encoder()), after);
    const auto with = [](const std::string& key, Attribute value) {
        L::TorchSpec spec = encoder();
        spec.raw.set(key, std::move(value));
        return spec;
    };
    L::TorchSpec first = with("norm_first", true);
    first.raw.set("activation_relu_or_gelu", std::int64_t{2});
    QCOMPARE(kindsOf(first), before);
    QCOMPARE(kindsOf(with("self_attn.batch_first", false)), std::string("refused: sequences before the batch (batch_first=False)"));
    QCOMPARE(kindsOf(with("activation_relu_or_gelu", std::int64_t{0})), std::string("refused: an activation of its own"));
    QCOMPARE(kindsOf(with("linear1.class", std::string("mine.Linear"))), std::string("refused: linear1 of class mine.Linear"));
    QCOMPARE(kindsOf(with("activation.class", std::string("mine.ReLU"))), std::string("refused: activation of class mine.ReLU"));
    first.raw.set("activation.class", std::string("GELU"));
    first.raw.set("activation.approximate", std::string("tanh"));
    QVERIFY(kindsOf(first).find("approximated GELU") != std::string::npos);
}

void TestAttentionKinds::kerasLayers_data()
{
    QTest::addColumn<QByteArray>("className");
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("call");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* className, const char* config, const char* call, const char* expected) {
        QTest::newRow(name) << QByteArray(className) << QByteArray(config) << QByteArray(call) << QByteArray(expected);
    };
    row("plain", "Attention", R"({"use_scale":false,"score_mode":"dot","dropout":0.1})", "{}", "");
    row("a learned scale", "Attention", R"({"use_scale":true})", "{}", "use_scale");
    row("scores of sums", "Attention", R"({"score_mode":"concat"})", "{}", "score_mode concat");
    row("a mask", "Attention", "{}", R"({"mask":[null,"m"]})", "a mask");
    row("a mask without a name", "AdditiveAttention", "{}", R"({"argument 2":"m"})", "a mask");
    row("additive", "AdditiveAttention", R"({"use_scale":true})", R"({"use_causal_mask":true})", "");
    row("heads along another axis", "MultiHeadAttention", R"({"num_heads":2,"key_dim":3,"attention_axes":[2]})", "{}",
        "attention along axis 2");
    row("heads along two axes", "MultiHeadAttention", R"({"num_heads":2,"key_dim":3,"attention_axes":[1,2]})", "{}",
        "attention_axes [1,2]");
}

void TestAttentionKinds::kerasLayers()
{
    QFETCH(QByteArray, className);
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, call);
    QFETCH(QByteArray, expected);
    QCOMPARE(QByteArray::fromStdString(objection(className, config, call)), expected);
}

/// torch.nn.functional.scaled_dot_product_attention.
void TestAttentionKinds::products()
{
    const L::Kind& kind = *L::kindOfTorch(L::TorchSpec{"scaled_dot_product_attention", {}, {}});
    const auto objectionTo = [&](Attributes raw, std::map<std::string, Shape> stored) {
        try {
            kind.fromTorch({"scaled_dot_product_attention", std::move(raw), std::move(stored)});
            return std::string();
        } catch (const Error& error) {
            return error.found();
        }
    };
    QCOMPARE(objectionTo({{"factor", 0.5}, {"is_causal", true}}, {}), std::string());
    QCOMPARE(objectionTo({}, {{"attn_mask", {5, 5}}}), std::string("a stored attn_mask"));
    QCOMPARE(objectionTo({{"dropout_p", 0.1}}, {}), std::string("dropout"));
    QVERIFY(objectionTo({{"enable_gqa", true}}, {}).find("enable_gqa") != std::string::npos);
}

void TestAttentionKinds::differences()
{
    const L::Kind& kind = *L::kind("attention");
    const L::Value query{{1, 5, 4}, {{"N", {}}, {"T", {}}, {"F", {}}}};
    const auto between = [&](Attributes ours, Attributes theirs) {
        Op a, b;
        a.attributes = std::move(ours);
        b.attributes = std::move(theirs);
        a.inputs = b.inputs = {Port(0), Port(1)};
        return kind.difference(L::Call(a, {&query, &query}), L::Call(b, {&query, &query}));
    };
    QCOMPARE(between({{"factor", 0.0}}, {{"factor", 0.5}}), std::string());
    QCOMPARE(between({{"factor", 0.0}}, {{"factor", 1.0}}), std::string("factor 0.5 against 1"));
    QVERIFY(!between({{"causal", true}, {"factor", 1.0}}, {{"causal", false}, {"factor", 1.0}}).empty());
}

QTEST_GUILESS_MAIN(TestAttentionKinds)
#include "tst_attentionkinds.moc"
