//! What happens around orders: projects end or are extended, backends fail, somebody has to approve, a seller gives grace
//! or moves.

use chrono::Days;
use domain::DomainError;
use model::{DurationRules, OrderState, ProjectChange};
use testkit::reckoning::Calendar;

use super::life::Life;
use super::market::ZONES;

impl Life<'_> {
    /// The last day of a project is set, moved or taken away. The system looks all the time, so it has seen what was over.
    pub(crate) async fn end_project(&mut self) {
        self.look().await;
        let buyer = self.luck.index(self.buyers.len());
        let (owner, now) = (self.owner(buyer), self.now());
        let today = self.buyers[buyer].facts.calendar.day(now);
        let days = self.luck.below(75);
        let end_date = self
            .luck
            .chance(60)
            .then(|| today.checked_add_days(Days::new(days)).unwrap());
        let structure = self.world.domain().structure();
        let project = structure
            .project(&owner, self.buyers[buyer].project.id)
            .await
            .unwrap();
        self.tell(&format!("the project of buyer {buyer} lasts until {end_date:?}"));
        let change = ProjectChange {
            name: project.name,
            description: project.description,
            start_date: project.start_date,
            end_date,
            approval_limit: None,
        };
        match structure.edit_project(&owner, project.id, change).await {
            Ok(()) => {
                let one = &mut self.buyers[buyer];
                for index in 0..one.resources.len() {
                    one.stopped(index, now);
                }
                one.project_end = end_date;
                for index in 0..one.resources.len() {
                    one.ends(index, one.own_ends[index]);
                }
            }
            Err(error) => self.refuse("project", &DomainError::from(error).problem()),
        }
        self.look().await;
    }

    /// Now and then the backend fails at what it was asked first.
    pub(crate) async fn fail_one(&mut self) {
        if !self.luck.chance(8) {
            return;
        }
        for one in &self.pending {
            if self.world.order_state(one.order).await != OrderState::Executing {
                continue;
            }
            let ordering = self.world.operations().ordering();
            ordering.fail(one.order, "No room today.").await.unwrap();
            let line = format!("  the backend fails at the order of {}", one.ordered);
            return self.tell(&line);
        }
    }

    /// Somebody tries a failed order again.
    pub(crate) async fn try_again(&mut self) {
        if self.failed.is_empty() {
            return;
        }
        let index = self.luck.index(self.failed.len());
        let one = self.failed.remove(index);
        self.tell(&format!("the order of {} is tried again", one.ordered));
        let owner = self.owner(one.buyer);
        match self.world.domain().ordering().retry(&owner, one.order).await {
            Ok(()) => self.pending.push(one),
            Err(error) => {
                self.refuse("retry", &DomainError::from(error).problem());
                if !self.world.order_state(one.order).await.is_terminal() {
                    self.failed.push(one);
                }
            }
        }
    }

    /// The owner decides on what a member has ordered.
    pub(crate) async fn decide(&mut self) {
        let mut waiting = Vec::new();
        for one in &self.pending {
            if self.world.order_state(one.order).await == OrderState::PendingBuyer {
                waiting.push((one.order, one.buyer, one.ordered));
            }
        }
        let approves = self.luck.chance(80);
        let Some((order, buyer, ordered)) = waiting.first().copied() else {
            return;
        };
        let (owner, ordering) = (self.owner(buyer), self.world.domain().ordering());
        self.tell(&format!("the order of {ordered} is approved: {approves}"));
        let decided = if approves {
            ordering.approve(&owner, order, "").await.map(drop)
        } else {
            ordering.reject(&owner, order, "too dear").await
        };
        if let Err(error) = decided {
            self.refuse("decide", &DomainError::from(error).problem());
        }
    }

    /// The seller keeps what is over for some days.
    pub(crate) async fn give_grace(&mut self) {
        let grace_days = *self.luck.pick(&[0, 0, 3, 14]);
        let (catalogue, manager) = (self.world.domain().catalogue(), self.provider.manager.clone());
        let offering = catalogue
            .offering(Some(&manager), &self.offering.slug)
            .await
            .unwrap();
        self.tell(&format!("grace is {grace_days} days"));
        let rules = DurationRules {
            grace_days,
            ..DurationRules::default()
        };
        catalogue
            .set_duration(&manager, self.offering.id, rules, offering.revision)
            .await
            .unwrap();
    }

    /// The seller saves another time zone; nobody counts days in it but whoever publishes for one.
    pub(crate) async fn seller_moves(&mut self) {
        let zone = *self.luck.pick(&ZONES);
        let structure = self.world.domain().structure();
        let mut detail = structure
            .organization(&self.staff, self.provider.id)
            .await
            .unwrap();
        detail.time_zone = zone.into();
        self.tell(&format!("the seller moves to {zone}"));
        match structure.edit_organization(&self.staff, detail).await {
            Ok(()) => self.seller = Calendar::new(zone),
            Err(error) => self.refuse("seller moves", &DomainError::from(error).problem()),
        }
    }
}
