use leptos::prelude::*;
use model::DurationRules;

use crate::components::*;

#[component]
pub fn Fields() -> impl IntoView {
    view! {
        <Section title="Fields" id="fields" lead="A refused form comes back as it was typed, with what is wrong on top and at each field.">
            <Form action="/fn/nothing" label="Example of a refused form">
                <ErrorSummary errors=vec![
                    FieldError::new("cpu", "Enter 1 to 64 cores"),
                    FieldError::new("start", "Choose a date from today on"),
                ]/>
                <Texts/>
                <Numbers/>
                <Choices/>
                <FormActions>
                    <SubmitButton>"Place order"</SubmitButton>
                    <SubmitButton kind=ButtonKind::Secondary name="draft" value="true">"Save as draft"</SubmitButton>
                    <LinkButton href="#fields" kind=ButtonKind::Quiet>"Cancel"</LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
}

#[component]
fn Texts() -> impl IntoView {
    view! {
        <FormGrid>
            <TextField name="name" label="Name" value="Ocean ensemble" required=true help="Shown to your project. You can change it later."/>
            <TextField name="mail" label="E-mail" kind="email" placeholder="you@example.org" autocomplete="email"/>
            <TextField name="url" label="Address" prefix="https://" suffix=".aurora.example" value="ocean" mono=true required=true/>
            <PasswordField name="secret" label="Password" autocomplete="new-password" help="At least 12 characters."/>
            <TextField name="fixed" label="Cannot be changed" value="slurm-eu-1" disabled=true help="Set by the provider."/>
            <FileField name="file" label="Usage file" accept=".csv" help="CSV, at most 5 MB."/>
        </FormGrid>
        <TextArea name="reason" label="Reason" rows=2 maxlength=200 help="Those who approve read it."/>
        <MarkdownField name="description" label="Description" rows=4 value="A **short** text."/>
    }
}

#[component]
fn Numbers() -> impl IntoView {
    view! {
        <FormGrid>
            <NumberField name="cpu" label="Cores" unit="cores".to_string() value="128" min="1".to_string() max="64".to_string() step="1".to_string() required=true stepper=true error="Enter 1 to 64 cores".to_string() help="Your plan allows 1 to 64.".to_string()/>
            <TermField rules=DurationRules::default() months="12" help="Paid up front."/>
            <MoneyField name="price" label="Price" currency="EUR" per="core-hour".to_string() value="0.0125" required=true/>
            <DateField name="start" label="Start" value="2026-11-01" required=true error="Choose a date from today on".to_string()/>
            <TimeField name="at" label="Time" value="06:30"/>
            <Select name="project" label="Project" placeholder="Choose a project" required=true choices=vec![
                Choice::new("1", "Climate models").group("Aurora Institute"),
                Choice::new("2", "Ocean").group("Aurora Institute"),
                Choice::new("3", "Proteins").group("Borealis"),
            ] value="2"/>
            <Combobox name="image" label="Image" required=true choices=vec![
                Choice::new("debian-12", "Debian 12").hint("2 GB"),
                Choice::new("debian-13", "Debian 13").hint("2 GB"),
                Choice::new("ubuntu-24", "Ubuntu 24.04").hint("3 GB"),
                Choice::new("rocky-9", "Rocky Linux 9").hint("2.4 GB"),
            ] help="Type to find one.".to_string()/>
        </FormGrid>
    }
}

#[component]
fn Choices() -> impl IntoView {
    view! {
        <RadioCards name="plan" legend="Plan" required=true value="standard" choices=vec![
            Choice::new("small", "Small").price("€40.00 / month").hint("For trying out: 2,000 core-hours, no GPUs."),
            Choice::new("standard", "Standard").price("€120.00 / month").hint("10,000 core-hours, 200 GPU-hours, 1 TB of storage."),
            Choice::new("large", "Large").price("€490.00 / month").hint("Sold out until 1 December.").disabled(true),
        ]/>
        <FormGrid>
            <RadioGroup name="billing" legend="Billing" value="month" required=true choices=vec![
                Choice::new("month", "Every month"),
                Choice::new("year", "Every year").hint("Two months free."),
            ]/>
            <CheckboxGroup name="tools" legend="Software" columns=true values=vec!["mpi".into()] choices=vec![
                Choice::new("mpi", "MPI"),
                Choice::new("cuda", "CUDA"),
                Choice::new("r", "R"),
                Choice::new("julia", "Julia"),
            ]/>
        </FormGrid>
        <Fieldset legend="Notices" help="By e-mail; you can change this at any time.">
            <Switch name="mails" label="Tell me when half of the limit is used" checked=true help="At most once a day."/>
            <Checkbox name="digest" label="Send me a summary every month" help="On the first working day."/>
        </Fieldset>
        <Checkbox name="terms" label="I accept the terms of service of Northern HPC Centre" required=true error="Accept the terms to go on".to_string()/>
    }
}
