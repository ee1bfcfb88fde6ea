use chrono::NaiveDate;
use leptos::prelude::*;
use rust_decimal::Decimal;

use super::{ago, cents};
use crate::components::*;

#[component]
pub fn Figures() -> impl IntoView {
    view! {
        <Section title="Figures and facts" id="figures" plain=true>
            <StatGrid>
                <Stat label="This month" href="#figures".to_string() trend=Trend { text: "12 % more".into(), tone: Tone::Waiting, up: true } note="than October by this day".to_string()>
                    <Money amount=cents(324_012) currency="EUR"/>
                </Stat>
                <Stat label="Running resources" note="2 wait for approval".to_string()>
                    "17"
                </Stat>
                <Stat label="Forecast" note="of €4,000.00 budget".to_string()>
                    <Money amount=cents(389_900) currency="EUR"/>
                </Stat>
                <Stat label="Open invoices" href="#figures".to_string() note="1 is overdue">
                    "3"
                </Stat>
            </StatGrid>
            <Split aside=aside()>
                <Card>
                    <KeyValues>
                        <KeyValue label="Provider"><a href="#figures">"Northern HPC Centre"</a></KeyValue>
                        <KeyValue label="Ordered by"><Person name="Jaan Tamm" email="jaan@aurora.example".to_string()/></KeyValue>
                        <KeyValue label="Approved by"><Person name="Giulia De Santis" small=true/></KeyValue>
                        <KeyValue label="Created"><DateText at=ago(90_000) time=true/></KeyValue>
                        <KeyValue label="Changed"><RelativeTime at=ago(12)/></KeyValue>
                        <KeyValue label="Price since"><FirstInstant at=ago(90_000) day=None/></KeyValue>
                        <KeyValue label="Billed for">{period()}</KeyValue>
                        <KeyValue label="Ends">{NaiveDate::from_ymd_opt(2027, 6, 30).map(|day| view! { <DayText day=day/> })}</KeyValue>
                        <KeyValue label="Storage"><Quantity amount=Decimal::new(12_345, 1) unit="GB"/></KeyValue>
                        <KeyValue label="Balance"><Money amount=cents(-4_250) currency="EUR" signed=true/></KeyValue>
                        <KeyValue label="Backend id"><CopyId value="01939f2e-1111-7000-8000-0123456789ab" short=true/></KeyValue>
                    </KeyValues>
                </Card>
                <CodeBlock label="Sign in by SSH".to_string() code="ssh mari@login.north-hpc.example"/>
            </Split>
        </Section>
    }
}

fn period() -> Option<AnyView> {
    let from = NaiveDate::from_ymd_opt(2026, 11, 1)?;
    let until = NaiveDate::from_ymd_opt(2026, 12, 1)?;
    Some(view! { <PeriodText from=from until=until/> }.into_any())
}

fn aside() -> AnyView {
    view! {
        <Card>
            <Price amount=cents(12_000) currency="EUR" per="month".to_string() tax=TaxNote::Excluded from=true/>
            <QuoteLines>
                <QuoteLine label="Core-hours" detail="10,000 × €0.0085".to_string()>
                    <Money amount=cents(8_500) currency="EUR"/>
                </QuoteLine>
                <QuoteLine label="Storage" detail="1 TB × €35.00".to_string()>
                    <Money amount=cents(3_500) currency="EUR"/>
                </QuoteLine>
                <QuoteTotal label="A full month" note="without tax".to_string()>
                    <Money amount=cents(12_000) currency="EUR"/>
                </QuoteTotal>
            </QuoteLines>
            <Button kind=ButtonKind::Primary full=true>
                "Order"
            </Button>
        </Card>
        <Card>
            <div class="stack-sm">
                <div class="cluster">
                    <OrganizationAvatar name="Aurora Institute"/>
                    <span class="strong">"Aurora Institute"</span>
                </div>
                <p class="small muted">"12 projects, 48 people"</p>
            </div>
        </Card>
    }
    .into_any()
}
