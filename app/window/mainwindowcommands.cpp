// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's commands do that ask for a file or leave the window.
#include "app/window/commandline.h"
#include "app/window/comparepage.h"
#include "app/window/mainwindow.h"
#include "app/window/patterns.h"
#include "app/window/picturefile.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QStatusBar>

namespace app {

void MainWindow::chooseFile(Side side)
{
    const auto other = m_workspace.model(side == Side::Left ? Side::Right : Side::Left);
    const QString all = fileEndings(core::Framework::Torch).join(QStringLiteral(" *")) + QStringLiteral(" *") +
                        fileEndings(core::Framework::Keras).join(QStringLiteral(" *"));
    const QString path = QFileDialog::getOpenFileName(this, side == Side::Left ? tr("Open left") : tr("Open right"),
                                                      m_settings.lastFolder(), tr("Models (*%1);;All files (*)").arg(all));
    if (path.isEmpty())
        return;
    m_settings.setLastFolder(QFileInfo(path).path());
    m_workspace.open(path, side);
}

void MainWindow::chooseMnist()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder with the MNIST test set"), m_settings.mnistFolder());
    if (folder.isEmpty())
        return;
    m_settings.setMnistFolder(folder);
    m_workspace.loadTestSet(folder);
}

void MainWindow::chooseInputFile()
{
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Input of both networks"), m_settings.lastFolder(),
                                     tr("Arrays and pictures (*.npy *.npz *.png *.jpg *.jpeg *.bmp *.gif *.ppm *.webp);;All files (*)"));
    if (path.isEmpty())
        return;
    m_settings.setLastFolder(QFileInfo(path).path());
    m_workspace.chooseOther({m_workspace.choices().other.seed, path});
}

void MainWindow::savePicture()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the pictures"), m_settings.lastFolder(), tr("PNG picture (*.png)"));
    if (path.isEmpty())
        return;
    try {
        writePicture(path, m_compare->heatmaps()->picture());
    } catch (const core::Error& error) {
        showTrouble(error);
    }
}

void MainWindow::copyCommandLine()
{
    try {
        const QString line = commandLine(m_workspace);
        QApplication::clipboard()->setText(line);
        statusBar()->showMessage(
            (m_workspace.choices().trials.empty() ? tr("Copied: %1") : tr("Copied, without the fixes that are tried: %1")).arg(line), 5000);
    } catch (const core::Error& error) {
        showTrouble(error);
    }
}

void MainWindow::about()
{
    QMessageBox::about(this, tr("About Tieout"),
                       tr("<b>Tieout %1</b><p>Do a PyTorch and a Keras network tie out, and if not, where and why?</p>"
                          "<p>GPL-3.0-or-later. Runs no code from the files it opens.</p>")
                           .arg(QApplication::applicationVersion()));
}

void MainWindow::setTheme(ThemeChoice choice)
{
    m_settings.setTheme(choice);
    using Choice = widgets::Theme::Choice;
    m_theme.setChoice(choice == ThemeChoice::Light ? Choice::Light : choice == ThemeChoice::Dark ? Choice::Dark : Choice::System);
    QAction* const actions[] = {m_actions.themeSystem, m_actions.themeLight, m_actions.themeDark};
    actions[static_cast<int>(choice)]->setChecked(true);
}

}
