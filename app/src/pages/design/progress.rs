use leptos::prelude::*;
use rust_decimal::Decimal;

use super::ago;
use crate::components::*;

#[component]
pub fn ProgressSection() -> impl IntoView {
    view! {
        <Section title="Progress" id="progress">
            <Steps steps=vec![
                Step::new("Placed", StepState::Done).detail("21 Nov, 11:40"),
                Step::new("Approved", StepState::Done).detail("by Giulia De Santis"),
                Step::new("Being set up", StepState::Current).detail("2 of 4 steps"),
                Step::new("Ready", StepState::Todo),
            ]/>
            <Progress value=40.0 max=100.0 label="Creating the account" tail="40 %".to_string() detail="This takes about a minute. You may leave this page.".to_string()/>
            <Busy label="Asking the scheduler…"/>
            <div class="tiles">
                <Meter label="Core-hours" used=Decimal::from(4200) limit=Decimal::from(10_000) unit="hours"/>
                <Meter label="GPU-hours" used=Decimal::from(171) limit=Decimal::from(200) unit="hours"/>
                <Meter label="Storage" used=Decimal::new(12, 1) limit=Decimal::from(1) unit="TB"/>
                <Meter label="Traffic" used=Decimal::from(88) unit="GB"/>
                <Allowance label="Cores" text="16 cores"/>
            </div>
            <Timeline>
                <TimelineItem title="Being set up" tone=Tone::Info icon=Icon::Refresh current=true at=view! { <RelativeTime at=ago(1)/> }.into_any() by="Northern HPC Centre".to_string()>
                    "The account exists; members are being added."
                </TimelineItem>
                <TimelineItem title="Approved" tone=Tone::Good icon=Icon::Check at=view! { <RelativeTime at=ago(12)/> }.into_any() by="Giulia De Santis".to_string()>
                    "“Fits the budget of this quarter.”"
                </TimelineItem>
                <TimelineItem title="Waited for approval" tone=Tone::Waiting at=view! { <RelativeTime at=ago(20)/> }.into_any() by="Rule: above €100.00 a month".to_string()/>
                <TimelineItem title="Placed" icon=Icon::Send at=view! { <RelativeTime at=ago(20)/> }.into_any() by="Mari Õunapuu".to_string()/>
            </Timeline>
            <Steps steps=vec![
                Step::new("Placed", StepState::Done),
                Step::new("Approved", StepState::Done),
                Step::new("Set-up failed", StepState::Failed).detail("The provider was told."),
                Step::new("Ready", StepState::Todo),
            ] label="A failed order"/>
            <Skeleton lines=3/>
        </Section>
    }
}
