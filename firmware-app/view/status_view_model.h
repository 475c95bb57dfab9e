// SPDX-License-Identifier: GPL-3.0-or-later
// What staff need to know about the kiosk itself: is every record safe, and does each part work.
// Setters are slots of the UI thread; other threads reach them by queued calls. No personal data.
#pragma once

#include <QtCore/QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace tapport::view {

class StatusViewModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(int waiting READ waiting NOTIFY changed)
    Q_PROPERTY(int received READ received NOTIFY changed)
    Q_PROPERTY(int quarantined READ quarantined NOTIFY changed)
    Q_PROPERTY(tapport::view::StatusViewModel::Health reader READ reader NOTIFY changed)
    Q_PROPERTY(tapport::view::StatusViewModel::Health broker READ broker NOTIFY changed)
    Q_PROPERTY(tapport::view::StatusViewModel::Health hub READ hub NOTIFY changed)
    Q_PROPERTY(tapport::view::StatusViewModel::Health clock READ clock NOTIFY changed)
    Q_PROPERTY(QString time READ time NOTIFY changed)
    Q_PROPERTY(int clockMinutes READ clockMinutes NOTIFY changed)

  public:
    enum class Health : std::uint8_t {
        Unknown,  ///< not heard of yet
        Ok,
        Trouble,
    };
    Q_ENUM(Health)

    using QObject::QObject;

    [[nodiscard]] int waiting() const { return waiting_; }
    [[nodiscard]] int received() const { return received_; }
    [[nodiscard]] int quarantined() const { return quarantined_; }
    [[nodiscard]] Health reader() const { return reader_; }
    [[nodiscard]] Health broker() const { return broker_; }
    [[nodiscard]] Health hub() const { return hub_; }
    [[nodiscard]] Health clock() const { return clock_; }
    [[nodiscard]] QString time() const { return time_; }
    /// By which the clock is ahead of the hub's; behind: negative; 0: not that anybody knew.
    [[nodiscard]] int clockMinutes() const { return clockMinutes_; }

  public slots:
    /// Records: not yet acknowledged; committed by the hub; set aside by the hub as unreadable.
    void setRecords(int waiting, int received, int quarantined);
    void setReader(tapport::view::StatusViewModel::Health health);
    void setBroker(tapport::view::StatusViewModel::Health health);
    void setHub(tapport::view::StatusViewModel::Health health);
    /// Wall clock as shown ("15:04"); Trouble when nothing ever set it, or the hub's is another.
    void setClock(const QString& time, tapport::view::StatusViewModel::Health health,
                  int minutesAhead);

  signals:
    void changed();

  private:
    template <typename T>
    void assign(T& field, const T& value) {
        if (field != value) {
            field = value;
            emit changed();
        }
    }

    int waiting_ = 0;
    int received_ = 0;
    int quarantined_ = 0;
    Health reader_ = Health::Unknown;
    Health broker_ = Health::Unknown;
    Health hub_ = Health::Unknown;
    Health clock_ = Health::Unknown;
    QString time_;
    int clockMinutes_ = 0;
};

}  // namespace tapport::view
