//! The annual survey: campaigns, the questions, the bulk way in, codes for pupils, progress and results.

mod breakdowns;
mod campaigns;
mod check;
mod codes;
mod concerns;
mod heat;
mod pack;
mod pack_views;
mod participation;
mod questionnaires;
mod releases;
mod report;
mod results;
mod submit;
pub mod tidy;
mod withdraw;

pub use breakdowns::BreakdownView;
pub use campaigns::{CampaignView, create_campaign, get_campaign, get_instrument, get_progress, list_campaigns};
pub use check::{check_responses, error_file};
pub use codes::{list_sheets, print_codes, void_sheet};
pub use concerns::{acknowledge_concern, list_concerns};
pub use heat::{HeatCellView, HeatRowView, download_heat, get_heat, heat_row};
pub use pack::{get_pack, take_up};
pub use pack_views::{ChangedView, PointsView, ShareOfView};
pub use participation::{reopen, set_rolls, sign_off};
pub use questionnaires::{
    KIND, body_limit, copy_questionnaire, definition_of, discard_questionnaire, get_questionnaire, list_questionnaires,
    publish_questionnaire, replace_questionnaire,
};
pub use releases::{
    CarriedView, ChangeView, ReleaseLineView, TableView, get_release, list_releases, publish, table_of,
};
pub use report::{ApproachedView, ReportBeforeView, StandingOutView, TakingPartView, get_report, taking_up};
pub use results::{FigureView, ResultsView, ShareView, figure_of, get_results, results_of};
pub use submit::{ReceiptView, limits, submit_responses};
pub use withdraw::{WithdrawnView, withdraw_all_responses, withdraw_responses};
