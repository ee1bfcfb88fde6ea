//! The hours that pass, and what the system does in them by itself.

use chrono::{Days, TimeDelta};
use domain::DomainError;
use entity::resource;
use model::{Month, ResourceState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::life::Life;

impl Life<'_> {
    /// Some months, and then everything is closed that is over.
    pub(crate) async fn live(&mut self) -> Result<(), String> {
        for _ in 0..25 + self.luck.below(25) {
            self.pass();
            self.act().await?;
        }
        self.work().await;
        // Beyond the end of the last month, wherever on earth.
        self.forward(TimeDelta::days(33));
        self.close_all().await
    }

    async fn act(&mut self) -> Result<(), String> {
        match self.luck.below(116) {
            0..16 => self.order().await,
            16..27 => self.change_limits().await,
            27..35 => self.switch_plan().await,
            35..39 => self.end().await,
            39..43 => self.change_end().await,
            43..48 => self.renew().await,
            48..64 => self.report_use().await,
            64..68 => self.accrue().await,
            68..71 => self.move_away().await,
            71..74 => self.edit_party().await,
            74..82 => return self.publish().await,
            82..84 => return self.withdraw().await,
            84..86 => return self.add_ware().await,
            86 => self.archive_plan().await,
            87..90 => self.look().await,
            90..94 => self.end_project().await,
            94..98 => self.try_again().await,
            98..104 => self.decide().await,
            104 => self.give_grace().await,
            105 => self.seller_moves().await,
            _ => return self.close_some().await,
        }
        if self.luck.chance(70) {
            self.work().await;
        }
        Ok(())
    }

    /// Time goes on: minutes, hours or days, now and then to where days, hours and months meet.
    fn pass(&mut self) {
        let by = match self.luck.below(10) {
            0..3 => TimeDelta::minutes(1 + self.luck.less::<i64>(90)),
            3..5 => TimeDelta::hours(1 + self.luck.less::<i64>(30)),
            5 => self.until_an_edge(),
            _ => TimeDelta::minutes(1 + self.luck.less::<i64>(60 * 24 * 9)),
        };
        self.forward(by.max(TimeDelta::seconds(1)));
    }

    /// To around the first midnight of the next day or month of a buyer.
    fn until_an_edge(&mut self) -> TimeDelta {
        let buyer = self.luck.index(self.buyers.len());
        let calendar = self.buyers[buyer].facts.calendar.clone();
        let today = calendar.day(self.now());
        let day = if self.luck.chance(50) {
            Month::containing(today).next().first_day()
        } else {
            today.checked_add_days(Days::new(1)).unwrap()
        };
        let off = TimeDelta::minutes(self.luck.less::<i64>(121) - 60);
        calendar.start(day) - self.now() + off
    }

    fn forward(&mut self, by: TimeDelta) {
        let before = self.now();
        self.world.clock().advance(by);
        let mut month = Month::containing((before - TimeDelta::hours(13)).date_naive());
        let last = Month::containing((self.now() - TimeDelta::hours(13)).date_naive());
        while month < last {
            if !self.unclosed.contains(&month) && month >= self.first_month {
                self.unclosed.push(month);
            }
            month = month.next();
        }
    }

    /// The system looks whose day has come.
    pub(crate) async fn look(&mut self) {
        let ordering = self.world.operations().ordering();
        for looked in [
            ordering.end_due().await,
            ordering.start_due().await,
            ordering.expire_due().await,
        ] {
            if let Err(error) = looked {
                self.refuse("look", &DomainError::from(error).problem());
            }
        }
        self.note_what_goes_on().await;
        self.settle().await;
        self.note_the_gone().await;
    }

    /// What had stopped with its project goes on once the system sees that the project lasts.
    async fn note_what_goes_on(&mut self) {
        let present = resource::Entity::find()
            .filter(resource::Column::State.is_in([ResourceState::Ok, ResourceState::Updating]))
            .all(self.world.db())
            .await
            .unwrap();
        let now = self.now();
        for buyer in &mut self.buyers {
            let today = buyer.facts.calendar.day(now);
            for index in 0..buyer.resources.len() {
                let lasts = buyer.facts.resources[index]
                    .last_day
                    .is_none_or(|day| day >= today);
                if lasts && present.iter().any(|row| row.id == buyer.resources[index]) {
                    buyer.goes_on(index, now);
                }
            }
        }
    }

    /// What the system has ended.
    async fn note_the_gone(&mut self) {
        let gone = resource::Entity::find().filter(resource::Column::State.eq(ResourceState::Terminated));
        let gone = gone.all(self.world.db()).await.unwrap();
        let now = self.now();
        for buyer in &mut self.buyers {
            for index in 0..buyer.resources.len() {
                if gone.iter().any(|row| row.id == buyer.resources[index]) {
                    buyer.gone.insert(index);
                    buyer.stopped(index, now);
                }
            }
        }
    }

    async fn accrue(&mut self) {
        if let Err(error) = self.world.operations().billing().accrue_open().await {
            self.refuse("accrue", &DomainError::from(error).problem());
        }
    }
}
