// SPDX-License-Identifier: GPL-3.0-or-later
// What the calls of functions of TensorFlow and of Keras 3's Operations compute, told as kinds with settings, or why they are refused.
#include "core/base/error.h"
#include "core/layers/operators.h"

#include <QTest>

using namespace core;
using namespace core::layers;

namespace {

std::string shown(const Attribute& value)
{
    const Ints* integers = std::get_if<Ints>(&value);
    return integers ? dumpJson(Json(*integers), -1) : core::text(value);
}

/// "slice axis 1, index 0" of a call of which "x" and "y" are the tensors.
std::string told(const std::string& name, bool isOperation, const std::string& positional, const std::string& keywords)
{
    const auto json = [](std::string text) {
        for (const auto& [letter, index] : {std::pair("@x", "0"), std::pair("@y", "1")})
            for (std::size_t at; (at = text.find(letter)) != std::string::npos;)
                text.replace(at, 2, std::string(R"({"__tensor__":)") + index + "}");
        return parseJson(text, "test");
    };
    try {
        const auto found = kerasOperator({name, isOperation, json(positional), json(keywords)});
        if (!found)
            return "not known";
        std::string text(found->kind);
        for (const auto& [key, value] : found->attributes)
            text += " " + key + "=" + shown(value);
        for (const std::size_t input : found->inputs)
            text += " #" + std::to_string(input);
        return text;
    } catch (const Error& error) {
        return "refused: " + error.found();
    }
}

}

class TestOperators : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void functions_data();
    void functions();
};

void TestOperators::functions_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isOperation");
    QTest::addColumn<QByteArray>("positional");
    QTest::addColumn<QByteArray>("keywords");
    QTest::addColumn<QByteArray>("expected");
    const auto tf = [](const char* row, const char* name, const char* positional, const char* keywords, const char* expected) {
        QTest::newRow(row) << QByteArray(name) << false << QByteArray(positional) << QByteArray(keywords) << QByteArray(expected);
    };
    const auto ops = [](const char* row, const char* name, const char* positional, const char* keywords, const char* expected) {
        QTest::newRow(row) << QByteArray(name) << true << QByteArray(positional) << QByteArray(keywords) << QByteArray(expected);
    };
    tf("x + y", "__operators__.add", "[@x]", R"({"y":@y,"name":null})", "add #0 #1");
    tf("x - y", "math.subtract", "[@x]", R"({"y":@y})", "subtract #0 #1");
    tf("1 - x", "math.subtract", "[1]", R"({"y":@x})", "affine offset=1 scale=-1 #0");
    tf("x * 2", "math.multiply", "[@x]", R"({"y":2})", "affine offset=0 scale=2 #0");
    tf("x / y", "math.truediv", "[@x]", R"({"y":@y})", "divide #0 #1");
    tf("1 / x", "math.truediv", "[1.0]", R"({"y":@x})", "power exponent=-1 #0");
    tf("3 / x", "math.truediv", "[3.0]", R"({"y":@x})", "refused: the number 3 divided by a value");
    tf("2 ** x", "math.pow", "[2.0]", R"({"y":@x})", "refused: the number 2 raised to a value");
    tf("x times a vector", "math.multiply", "[@x]", R"({"y":[2.0,4.0]})", "affine offsets=[0] scales=[2,4] #0");
    tf("a vector less x", "math.subtract", "[[[1.5,2.5]]]", R"({"y":@x})", "affine offsets=[1.5,2.5] scales=[-1] #0");
    tf("x divided by a vector", "math.truediv", "[@x]", R"({"y":[2.0,4.0]})", "affine offsets=[0] scales=[0.5,0.25] #0");
    tf("x times a matrix", "math.multiply", "[@x]", R"({"y":[[1.0,2.0],[3.0,4.0]]})", "refused: the constant [[1.0,2.0],[3.0,4.0]]");
    tf("at most a vector", "math.minimum", "[@x]", R"({"y":[1.0,2.0]})", "refused: the constant [1.0,2.0]");
    tf("reshape to a computed size", "reshape", "[@x]", R"({"shape":[@y,-1]})", "refused: the shape [a value,-1]");
    tf("at least 0", "math.maximum", "[@x]", R"({"y":0.0})", "relu #0");
    tf("at most 2", "math.minimum", "[2]", R"({"y":@x})", "clip max=2 #0");
    tf("leaky, usual slope", "nn.leaky_relu", "[@x]", "{}", "leakyrelu slope=0.2 #0");
    tf("softmax, usual axis", "nn.softmax", "[@x]", R"({"axis":null})", "softmax axis=-1 #0");
    tf("reshape", "reshape", "[@x]", R"({"shape":[-1,4,2]})", "reshape channels_last=true end=-1 shape=[4,2] start=1 #0");
    tf("reshape of all samples", "reshape", "[@x]", R"({"shape":[2,-1]})", "refused: the shape [2,-1]");
    tf("reshape to one dimension", "reshape", "[@x]", R"({"shape":[-1]})", "refused: the shape [-1]");
    tf("transpose, conjugate", "transpose", "[@x]", R"({"perm":[0,2,1],"conjugate":true})", "refused: an argument conjugate true");
    tf("concat", "concat", "[[@x,@y]]", R"({"axis":-1})", "concatenate axis=-1 #0 #1");
    tf("concat with a constant", "concat", "[[@x,[1.0]]]", R"({"axis":-1})", "refused: the constant 1.0");
    tf("split in two", "split", "[@x]", R"({"num_or_size_splits":2,"axis":1})", "split axis=1 even=true parts=2 #0");
    tf("split by sizes", "split", "[@x]", R"({"num_or_size_splits":[1,-1],"axis":1})", "split axis=1 sizes=[1,-1] #0");
    tf("cast to float", "cast", "[@x]", R"({"dtype":"float32"})", "identity #0");
    tf("cast to whole", "cast", "[@x]", R"({"dtype":"int32"})", R"(refused: numbers of type "int32")");
    tf("mean", "math.reduce_mean", "[@x]", R"({"axis":[1,2],"keepdims":true})", "mean axes=[1,2] keepdims=true #0");
    tf("mean of all", "math.reduce_mean", "[@x]", "{}", "refused: one value of the whole batch");
    tf("product", "linalg.matmul", "[@x]", R"({"b":@y,"transpose_b":true})", "dot axes=[-1,-1] batch=0 #0 #1");
    tf("product with a constant", "linalg.matmul", "[@x]", R"({"b":[[1.0]]})", "refused: the constant [[1.0]]");
    tf("pooling of channels", "nn.max_pool2d", "[@x]", R"({"ksize":[1,2,3,2],"strides":2,"padding":"VALID"})",
       "refused: pool_size [1,2,3,2]");
    tf("pooling, channels first", "nn.avg_pool2d", "[@x]", R"({"ksize":2,"strides":2,"padding":"SAME","data_format":"NCHW"})",
       R"(refused: an argument data_format "NCHW")");
    tf("unknown argument", "nn.relu", "[@x]", R"({"slope":3})", "refused: an argument slope");
    tf("unknown function", "math.floormod", "[@x]", R"({"y":2})", "not known");
    tf("x[:, 0]", "__operators__.getitem", "[@x]", R"({"slice_spec":[{"start":null,"stop":null,"step":null},0]})",
       "select axis=1 index=0 #0");
    tf("x[..., -1]", "__operators__.getitem", "[@x]", R"({"slice_spec":[{"class_name":"__ellipsis__"},-1]})", "select axis=-1 index=-1 #0");
    tf("x[..., 1:3, :]", "__operators__.getitem", "[@x]",
       R"({"slice_spec":[{"class_name":"__ellipsis__"},{"start":1,"stop":3,"step":null},{"start":null,"stop":null,"step":null}]})",
       "slice axes=[-2] begin=[1] drop=[0] end=[3] insert=[] step=[1] #0");
    tf("x[..., None, :]", "__operators__.getitem", "[@x]",
       R"({"slice_spec":[{"class_name":"__ellipsis__"},null,{"start":null,"stop":null,"step":null}]})", "unsqueeze axis=-2 #0");
    tf("x[:, None, 0]", "__operators__.getitem", "[@x]", R"({"slice_spec":[{"start":null,"stop":null,"step":null},null,0]})",
       "slice axes=[1] begin=[0] drop=[1] end=[9223372036854775807] insert=[1] step=[1] #0");
    tf("x[:, ::-1]", "__operators__.getitem", "[@x]",
       R"({"slice_spec":[{"start":null,"stop":null,"step":null},{"start":null,"stop":null,"step":-1}]})", "refused: a step of -1");
    tf("x[..., None, 0]", "__operators__.getitem", "[@x]", R"({"slice_spec":[{"class_name":"__ellipsis__"},null,0]})",
       "refused: a new dimension before the samples or behind an ellipsis, and a part of the others");
    ops("Keras 3: 2 * x", "Multiply", "[2,@x]", "{}", "affine offset=0 scale=2 #0");
    ops("Keras 3: gelu", "Gelu", "[@x]", R"({"approximate":true})", "gelu tanh=true #0");
    ops("Keras 3: split before places", "Split", "[@x]", R"({"indices_or_sections":[2,5],"axis":-1})", "split axis=-1 sizes=[2,3,-1] #0");
    ops("Keras 3: split before 0", "Split", "[@x]", R"({"indices_or_sections":[0,5],"axis":-1})", "refused: pieces that begin at [0,5]");
    ops("Keras 3: slice", "GetItem", R"([@x,[{"class_name":"__slice__","config":{"start":null,"stop":null,"step":null}},2]])", "{}",
        "select axis=1 index=2 #0");
    ops("Keras 3: an array of NumPy", "Add", R"([@x,{"class_name":"__numpy__","config":{"value":[1.0,2.0],"dtype":"float32"}}])", "{}",
        "affine offsets=[1,2] scales=[1] #0");
    ops("a function's name", "math.add", "[@x,@y]", "{}", "not known");
}

void TestOperators::functions()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, isOperation);
    QFETCH(QByteArray, positional);
    QFETCH(QByteArray, keywords);
    QFETCH(QByteArray, expected);
    QCOMPARE(QByteArray::fromStdString(told(name.toStdString(), isOperation, positional.toStdString(), keywords.toStdString())), expected);
}

QTEST_GUILESS_MAIN(TestOperators)
#include "tst_operators.moc"
