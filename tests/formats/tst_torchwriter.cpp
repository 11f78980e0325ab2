// SPDX-License-Identifier: GPL-3.0-or-later
#include "bytes.h"

#include "core/formats/format.h"
#include "core/formats/pickle/pickle.h"
#include "core/formats/write.h"
#include "core/formats/zip/zipdirectory.h"

#include <QDir>
#include <set>

using bytes::errorOf;
using core::DType;
using core::Model;
using core::Tensor;
using core::formats::NamedTensors;
using core::formats::writeTorchStateDict;
using namespace std::string_literals;

namespace {

Tensor filled(DType type, const core::Shape& shape)
{
    const auto count = static_cast<std::size_t>(core::elementCount(shape)) * core::itemSize(type);
    auto bytes = std::make_shared<std::vector<std::byte>>(count);
    for (std::size_t i = 0; i < count; ++i)
        (*bytes)[i] = static_cast<std::byte>(type == DType::Bool ? i % 2 : i * 37 + 11);
    return Tensor(type, shape, bytes);
}

const NamedTensors sample = {{"conv.weight", filled(DType::Float32, {6, 1, 5, 5})},
                             {"conv.bias", filled(DType::Float32, {6})},
                             {"bn.num_batches_tracked", filled(DType::Int64, {})},
                             {"empty.weight", filled(DType::Float32, {0, 7})},
                             {"d\xC3\xA9j\xC3\xA0.weight", filled(DType::Float16, {300, 2})}};

}

class TestTorchWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyDtype();
    void order();
    void records();
    void opcodes();
    void refuses();
    void replacesWhole();

private:
    std::string path() const { return m_folder.filePath("written.pt").toStdString(); }
    QTemporaryDir m_folder;
};

void TestTorchWriter::everyDtype()
{
    NamedTensors tensors;
    for (const DType type : {DType::Bool, DType::UInt8, DType::Int8, DType::UInt16, DType::Int16, DType::UInt32, DType::Int32,
                             DType::UInt64, DType::Int64, DType::Float16, DType::BFloat16, DType::Float32, DType::Float64, DType::Complex32,
                             DType::Complex64, DType::Complex128, DType::Float8E4M3, DType::Float8E5M2})
        tensors.emplace_back(std::string(name(type)), filled(type, {3, 5}));
    writeTorchStateDict(path(), tensors);
    const Model model = core::formats::openModel(path());
    QCOMPARE(model.parameters.size(), tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        QCOMPARE(model.parameters[i].name, tensors[i].first);
        QCOMPARE(model.parameters[i].problem, ""s);
        QVERIFY2(sameBits(read(model.parameters[i].source), tensors[i].second), tensors[i].first.c_str());
    }
}

void TestTorchWriter::order()
{
    writeTorchStateDict(path(), sample);
    const Model model = core::formats::openModel(path());
    QCOMPARE(model.origin.content, "state-dict"s);
    QCOMPARE(model.parameters.size(), sample.size());
    for (std::size_t i = 0; i < sample.size(); ++i) {
        QCOMPARE(model.parameters[i].name, sample[i].first);
        QVERIFY(sameBits(read(model.parameters[i].source), sample[i].second));
    }
    const std::string other = m_folder.filePath("empty.pt").toStdString(); // what is open is never written over
    writeTorchStateDict(other, {});
    QVERIFY(core::formats::openModel(other).parameters.empty());
}

/// formats.md A1: stored, aligned, exactly as long as declared, a version, and no record that makes PyTorch compute offsets by itself.
void TestTorchWriter::records()
{
    writeTorchStateDict(path(), sample);
    const auto directory = core::formats::ZipDirectory::read(core::File::open(path()));
    for (const auto& entry : directory.entries()) {
        bool matches = false;
        directory.contents(entry, 100'000, &matches);
        QVERIFY(matches);
        QVERIFY(entry.isStored());
        QVERIFY(entry.name.starts_with("archive/"));
        QCOMPARE(entry.offset % 64, std::uint64_t{0});
    }
    for (std::size_t i = 0; i < sample.size(); ++i)
        QCOMPARE(directory.find(fmt::format("archive/data/{}", i))->size, static_cast<std::uint64_t>(sample[i].second.bytes().size()));
    QVERIFY(directory.find("archive/version"));
    QVERIFY(!directory.find("archive/.format_version"));
    QVERIFY(!directory.find("archive/.storage_alignment"));
}

/// Only globals that torch.load(weights_only=True) allows, protocol 2.
void TestTorchWriter::opcodes()
{
    writeTorchStateDict(path(), sample);
    const auto directory = core::formats::ZipDirectory::read(core::File::open(path()));
    const auto stream = directory.contents(*directory.find("archive/data.pkl"), 100'000);
    const auto pickle = core::formats::Pickle::read(stream, path(), "data.pkl");
    QCOMPARE(pickle.protocol(), 2);
    QCOMPARE(pickle.size(), stream.size());
    std::set<std::string> globals;
    for (const auto* global : pickle.globals())
        globals.insert(global->text);
    QCOMPARE(globals, (std::set<std::string>{"collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch.FloatStorage",
                                             "torch.LongStorage", "torch.HalfStorage"}));
}

void TestTorchWriter::refuses()
{
    QCOMPARE(errorOf([&] { writeTorchStateDict(path(), {{"a", filled(DType::QInt8, {2})}}); }), "torch-write-dtype"s);
    QCOMPARE(errorOf([&] { writeTorchStateDict(path(), {{"a", Tensor()}}); }), "torch-write-dtype"s);
    QCOMPARE(errorOf([&] { writeTorchStateDict(path(), {sample[0], sample[0]}); }), "torch-write-name"s);
    QCOMPARE(errorOf([&] { writeTorchStateDict(m_folder.filePath("no/such/folder.pt").toStdString(), sample); }), "file-write"s);
}

/// A target that is there is replaced; a refused one stays as it was, and no temporary stays behind.
void TestTorchWriter::replacesWhole()
{
    QTemporaryDir folder;
    const QString name = folder.filePath("x.pt");
    bytes::write(name, "before");
    errorOf([&] { writeTorchStateDict(name.toStdString(), {sample[0], sample[0]}); });
    QCOMPARE(bytes::read(name), "before"s);
    writeTorchStateDict(name.toStdString(), sample);
    QVERIFY(bytes::read(name).starts_with("PK"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

QTEST_APPLESS_MAIN(TestTorchWriter)
#include "tst_torchwriter.moc"
