// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/replacequestion.h"

#include "core/formats/format.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>

namespace app {

namespace {

struct Question
{
    Q_DECLARE_TR_FUNCTIONS(app::ReplaceQuestion)
};

/// "a Keras file (keras-h5) with 10 parameters"
QString whatIs(const std::string& path, const core::Progress& progress)
{
    try {
        const core::Model model = core::formats::openModel(path, progress);
        const QString format = QString::fromStdString(model.origin.format);
        const QString sort = model.framework == core::Framework::None
                                 ? Question::tr("a file of tensors (%1)").arg(format)
                                 : Question::tr("a %1 file (%2)").arg(QString::fromUtf8(core::title(model.framework).data()), format);
        const auto count = model.parameters.size();
        return count == 1 ? Question::tr("%1 with one parameter").arg(sort)
                          : Question::tr("%1 with %2 parameters").arg(sort, QLocale().toString(static_cast<qulonglong>(count)));
    } catch (const core::Error&) {
        return Question::tr("a file that is no model Tieout reads");
    }
}

}

void askToReplace(const QFileInfo& there, QWidget& parent, JobSlot& looking, std::function<void()> replaces)
{
    const QString sizeAndDate = Question::tr("%1 bytes, of %2")
                                    .arg(QLocale().toString(there.size()), QLocale().toString(there.lastModified(), QLocale::ShortFormat));
    auto* question =
        new QMessageBox(QMessageBox::Warning, Question::tr("Replace the file?"),
                        Question::tr("%1 is there already: %2.").arg(there.fileName(), sizeAndDate), QMessageBox::Cancel, &parent);
    looking.start([path = there.filePath().toStdString()](const core::Progress& progress) { return whatIs(path, progress); },
                  [question = QPointer(question), name = there.fileName(), sizeAndDate](const QString& what) {
                      if (question)
                          question->setText(Question::tr("%1 is there already: %2, %3.").arg(name, what, sizeAndDate));
                  });
    question->setTextFormat(Qt::PlainText);
    question->setInformativeText(Question::tr("It is replaced only when the proof of the new one does not fail."));
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* replace = question->addButton(Question::tr("Replace"), QMessageBox::DestructiveRole);
    question->setDefaultButton(QMessageBox::Cancel);
    QObject::connect(replace, &QPushButton::clicked, question, std::move(replaces));
    question->open();
}

}
