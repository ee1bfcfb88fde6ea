use leptos::prelude::*;

use crate::components::*;

#[component]
pub fn Buttons() -> impl IntoView {
    view! {
        <Section title="Buttons and menus" id="buttons">
            <div class="cluster">
                <Button kind=ButtonKind::Primary>"Primary"</Button>
                <Button>"Secondary"</Button>
                <Button kind=ButtonKind::Quiet>"Quiet"</Button>
                <Button kind=ButtonKind::Danger>"Danger"</Button>
                <Button disabled=true>"Disabled"</Button>
                <Button icon=Icon::Download>"With icon"</Button>
                <LinkButton href="https://example.org" external=true>"Leads out"</LinkButton>
                <IconButton icon=Icon::Pencil label="Edit"/>
                <IconButton icon=Icon::Refresh label="Reload" href="#buttons" kind=ButtonKind::Secondary/>
            </div>
            <div class="cluster">
                <Button size=ButtonSize::Small>"Small"</Button>
                <Button size=ButtonSize::Medium>"Medium"</Button>
                <Button size=ButtonSize::Large kind=ButtonKind::Primary>"Large"</Button>
                <button type="button" class="btn btn-primary" aria-busy="true">
                    <span class="btn-idle">"Save"</span>
                    <span class="btn-busy"><span class="spinner"></span>"Working…"</span>
                </button>
                <Menu label="Actions" align_end=false>
                    <MenuHeading>"This resource"</MenuHeading>
                    <MenuLink href="#buttons" icon=Icon::Sliders>"Change limits"</MenuLink>
                    <MenuForm action="/fn/nothing" label="Pause" icon=Icon::Pause/>
                    <MenuRule/>
                    <MenuDialog for_id="confirm-end" icon=Icon::Trash danger=true>"Terminate"</MenuDialog>
                </Menu>
                <Menu label="More" icon_only=true kind=ButtonKind::Quiet align_end=false>
                    <MenuLink href="#buttons">"One"</MenuLink>
                    <MenuLink href="#buttons">"Two"</MenuLink>
                </Menu>
                <DialogButton for_id="example-dialog">"Open a dialog"</DialogButton>
                <PostButton action="/fn/nothing" icon=Icon::Check>"One-click post"</PostButton>
                <CalculateAgain action="/fn/nothing"/>
                <OnceMore error="You ordered the same, “Ice runs”, 3 minutes ago. If you want it once more, tick the box and order again."/>
            </div>
            <Tabs items=vec![
                NavLink::to("Overview", "#buttons").current(true),
                NavLink::to("Usage", "#buttons"),
                NavLink::to("Members", "#buttons").count(12),
                NavLink::to("History", "#buttons"),
            ]/>
            <QuickFilters items=vec![
                NavLink::to("All", "#buttons").count(128).current(true),
                NavLink::to("Running", "#buttons").count(97),
                NavLink::to("Waiting", "#buttons").count(4),
                NavLink::to("Ended", "#buttons"),
            ]/>
            <Dialog id="example-dialog" title="What a dialog is for" actions=view! { <LinkButton href="#buttons" kind=ButtonKind::Primary>"Understood"</LinkButton> }.into_any()>
                <p>"A short question or a detail that does not deserve a page. It opens without scripts and closes on Escape."</p>
                <TextField name="dialog-note" label="A note"/>
            </Dialog>
            <ConfirmDialog id="confirm-end" title="Terminate GPU cluster?" action="/fn/nothing" confirm="Terminate" danger=true>
                <p>"Its data is deleted on 28 November 2026. What it used until then is billed with the November invoice."</p>
            </ConfirmDialog>
        </Section>
    }
}
