// SPDX-License-Identifier: GPL-3.0-or-later
// Each finding of a proof, over a written file or a written model with this one fault.
#include "core/convert/proofsteps.h"
#include "core/formats/write.h"
#include "tests/convert/cases.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace cases;
using convert::Proof;
using convert::Result;

namespace {

const Message* found(const std::vector<Message>& messages, std::string_view id)
{
    const auto message = std::find_if(messages.begin(), messages.end(), [&](const Message& one) { return one.id == id; });
    return message == messages.end() ? nullptr : &*message;
}

/// A Keras network's weights for a state dict: read back by this program alone.
Case toStateDict()
{
    return {session::makePair(shared(dense(Framework::Torch, 9)), shared(dense(Framework::Keras, 1))), &stateDictWriter};
}

convert::Plan planOf(const Case& what)
{
    return convert::plan(what.pair.right, what.pair.left, what.pair.mapping, false, stateDictWriter);
}

/// The first tensor with another last bit in its first value.
formats::NamedTensors withOneBitTurned(formats::NamedTensors tensors)
{
    auto& [name, tensor] = *tensors.begin();
    std::vector<float> values(tensor.floats().begin(), tensor.floats().end());
    values.front() = std::nextafter(values.front(), 1e9F);
    tensor = Tensor::fromFloats(tensor.shape(), values, tensor.axes());
    return tensors;
}

}

class TestProof : public QObject
{
    Q_OBJECT

private:
    /// The proof of a file of those tensors, without running anything.
    Proof proofOf(const convert::Plan& plan, const formats::NamedTensors& written, const formats::NamedTensors& expected)
    {
        AtomicFile file(m_folder.filePath("out.pt").toStdString());
        formats::writeTorchStateDict(file, written);
        return convert::prove(plan, file, expected, {}, Progress());
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void tensorsThatReadBack();
    void oneBitIsAFault();
    void missingTensorIsAFault();
    void inverseGivesTheSourceBack();
    void whatCannotBeOpenedIsAFault();
    void answersThatDifferAreAFault();
    void gapsAndFaultsAreNoProof();
};

void TestProof::tensorsThatReadBack()
{
    const Case what = toStateDict();
    const convert::Plan plan = planOf(what);
    const auto tensors = convert::convertedTensors(plan);
    const Proof proof = proofOf(plan, tensors, tensors);
    QVERIFY(proof.reopened && proof.bitwise && proof.inverse == std::optional(true));
    QVERIFY(proof.faults.empty());
    QVERIFY(found(proof.gaps, "no-samples")); // nothing was run
    QCOMPARE(proof.result(), Result::NotProved);
}

void TestProof::oneBitIsAFault()
{
    const Case what = toStateDict();
    const convert::Plan plan = planOf(what);
    const auto tensors = convert::convertedTensors(plan);
    const Proof proof = proofOf(plan, withOneBitTurned(tensors), tensors);
    QVERIFY(!proof.bitwise);
    QVERIFY(found(proof.faults, "tensor-differs"));
    QVERIFY(QString::fromStdString(found(proof.faults, "tensor-differs")->text)
                .startsWith(QStringLiteral("1 of %1 tensors do not read back").arg(tensors.size())));
    QCOMPARE(proof.result(), Result::Failed);
}

void TestProof::missingTensorIsAFault()
{
    const Case what = toStateDict();
    const convert::Plan plan = planOf(what);
    const auto tensors = convert::convertedTensors(plan);
    auto fewer = tensors;
    fewer.erase(fewer.begin());
    QCOMPARE(proofOf(plan, fewer, tensors).result(), Result::Failed);
}

/// What was written is what the rule gave, and yet not what the source holds.
void TestProof::inverseGivesTheSourceBack()
{
    const Case what = toStateDict();
    convert::Plan plan = planOf(what);
    const auto tensors = convert::convertedTensors(plan);
    plan.source = session::prepared(dense(Framework::Keras, 2));
    const Proof proof = proofOf(plan, tensors, tensors);
    QVERIFY(proof.bitwise && proof.inverse == std::optional(false));
    QVERIFY(found(proof.faults, "inverse-differs"));
    QCOMPARE(proof.result(), Result::Failed);
}

void TestProof::whatCannotBeOpenedIsAFault()
{
    const Case what = toStateDict();
    const convert::Plan plan = planOf(what);
    AtomicFile file(m_folder.filePath("out.pt").toStdString());
    file.write("no archive");
    const Proof proof = convert::prove(plan, file, convert::convertedTensors(plan), {}, Progress());
    QVERIFY(!proof.reopened);
    QVERIFY(found(proof.faults, "not-reopened"));
    QCOMPARE(proof.result(), Result::Failed);
}

/// However large the tolerance: a network that answers otherwise is another one.
void TestProof::answersThatDifferAreAFault()
{
    const Case what = made(dense(Framework::Keras, 1), dense(Framework::Keras, 9));
    const convert::Plan plan = what.plan();
    convert::ProofWish wish = what.wish();
    wish.tolerance = 1e6;
    Proof proof;
    convert::proveOutputs(proof, plan, convert::proofPair(plan, *what.pair.left), wish, Progress());
    QVERIFY(proof.faults.empty());
    const Model exchanged = withValues(withValues(*what.pair.left, "b/kernel:0", {2, 1, 4, 3, 6, 5}), "b/bias:0", {1, 1});
    const Model straight = withValues(withValues(*what.pair.left, "b/kernel:0", {1, 2, 3, 4, 5, 6}), "b/bias:0", {1, 1});
    convert::ProofPair pair = convert::proofPair(plan, exchanged);
    pair.source = shared(straight);
    proof = {};
    convert::proveOutputs(proof, plan, pair, wish, Progress());
    QVERIFY(found(proof.faults, "argmax-differs"));
    QVERIFY(!found(proof.faults, "outputs-differ"));
    QCOMPARE(proof.argmaxAgreement, 0.0);
}

void TestProof::gapsAndFaultsAreNoProof()
{
    Proof proof;
    proof.reopened = proof.bitwise = proof.outputsCompared = true;
    QCOMPARE(proof.result(), Result::Proved);
    for (bool Proof::*part : {&Proof::reopened, &Proof::bitwise, &Proof::outputsCompared}) {
        Proof without = proof;
        without.*part = false;
        QCOMPARE(without.result(), Result::NotProved);
    }
    Proof open = proof, wrong = proof;
    open.gaps = {{"no-output", {}, "one output was not compared"}};
    QCOMPARE(open.result(), Result::NotProved);
    wrong.gaps = open.gaps;
    wrong.faults = {{"outputs-differ", {}, "an output differs"}};
    QCOMPARE(wrong.result(), Result::Failed);
}

QTEST_GUILESS_MAIN(TestProof)
#include "tst_proof.moc"
