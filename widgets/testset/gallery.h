// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/sides/sidelabel.h"
#include "widgets/testset/gallerymodel.h"

#include <QListView>

namespace widgets {

/// Digits of a test set with what they are and what both networks say of them.
class Gallery final : public QListView
{
    Q_OBJECT
public:
    explicit Gallery(QWidget* parent = nullptr);

    void setSides(const std::array<SideName, 2>& sides);
    GalleryModel* galleryModel() const { return m_model; }

Q_SIGNALS:
    /// By a click, or Return on the chosen one.
    void digitOpened(int number);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    GalleryModel* m_model;
};

}
