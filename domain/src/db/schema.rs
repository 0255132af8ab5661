//! The tables as diesel sees them. Hand-written: the types are ours (`facts/stack.md` §2); a test compares it with both databases.

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    audit_entries (seq) {
        seq -> BigInt,
        at -> UtcSql,
        actor_kind -> Text,
        actor_id -> Nullable<UuidSql>,
        action -> Text,
        object_kind -> Text,
        object_id -> Nullable<UuidSql>,
        school_id -> Nullable<UuidSql>,
        request_id -> Text,
        detail -> Text,
        prev -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    audit_head (id) {
        id -> BigInt,
        seq -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    child_keys (id) {
        id -> UuidSql,
        kek_id -> Text,
        wrapped -> Binary,
        created_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    use crate::db::types::sql::UtcSql;
    system_keys (purpose) {
        purpose -> Text,
        kek_id -> Text,
        wrapped -> Binary,
        created_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::db::types::sql::UtcSql;
    retired_keys (kek_id) {
        kek_id -> Text,
        retired_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use crate::db::types::sql::UtcSql;
    audit_checkpoints (number) {
        number -> BigInt,
        size -> BigInt,
        head -> Binary,
        at -> UtcSql,
        digest -> Binary,
        line -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    idempotency_keys (actor_kind, actor_id, key) {
        actor_kind -> Text,
        actor_id -> UuidSql,
        key -> Text,
        fingerprint -> Binary,
        status -> BigInt,
        answer -> Binary,
        created_at -> UtcSql,
        expires_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    schools (id) {
        id -> UuidSql,
        number -> Text,
        name_cy -> Text,
        name_en -> Text,
        phase -> Text,
        medium -> Text,
        cluster -> Nullable<Text>,
        opened_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        version -> BigInt,
        updated_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Nullable, Text};
    use crate::db::types::sql::UuidSql;
    school_places (school_id, from_on) {
        school_id -> UuidSql,
        from_on -> Date,
        phase -> Text,
        cluster -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Text};
    use crate::db::types::sql::{JsonSql, UuidSql};
    services (id) {
        id -> UuidSql,
        code -> Text,
        name_cy -> Text,
        name_en -> Text,
        gate -> JsonSql,
        active -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    officers (id) {
        id -> UuidSql,
        email -> Text,
        name -> Text,
        role_title -> Text,
        phone -> Nullable<Text>,
        lang -> Text,
        deputy_id -> Nullable<UuidSql>,
        absent_from -> Nullable<Date>,
        absent_until -> Nullable<Date>,
        listed -> Bool,
        version -> BigInt,
        updated_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::db::types::sql::UuidSql;
    officer_areas (officer_id, area) {
        officer_id -> UuidSql,
        area -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{};
    use crate::db::types::sql::UuidSql;
    officer_services (officer_id, service_id) {
        officer_id -> UuidSql,
        service_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::db::types::sql::UuidSql;
    officer_coverage (officer_id, kind, value) {
        officer_id -> UuidSql,
        kind -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    people (id) {
        id -> UuidSql,
        email -> Text,
        name -> Text,
        lang -> Text,
        password_hash -> Nullable<Text>,
        active -> Bool,
        failed_sign_ins -> BigInt,
        locked_until -> Nullable<UtcSql>,
        version -> BigInt,
        created_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    sessions (id) {
        id -> UuidSql,
        token_hash -> Binary,
        person_id -> UuidSql,
        created_at -> UtcSql,
        last_used_at -> UtcSql,
        expires_at -> UtcSql,
        ended_at -> Nullable<UtcSql>,
        second_factor_at -> Nullable<UtcSql>,
        device -> Text,
        issuer -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use crate::db::types::sql::{UtcSql, UuidSql};
    factors (id) {
        id -> UuidSql,
        person_id -> UuidSql,
        secret -> Binary,
        last_step -> BigInt,
        created_at -> UtcSql,
        confirmed_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::db::types::sql::{UtcSql, UuidSql};
    recovery_codes (person_id, code_hash) {
        person_id -> UuidSql,
        code_hash -> Binary,
        used_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::db::types::sql::{UtcSql, UuidSql};
    invitations (id) {
        id -> UuidSql,
        person_id -> UuidSql,
        secret_hash -> Binary,
        created_at -> UtcSql,
        expires_at -> UtcSql,
        used_at -> Nullable<UtcSql>,
        voided_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::db::types::sql::{UtcSql, UuidSql};
    sign_in_links (id) {
        id -> UuidSql,
        person_id -> UuidSql,
        secret_hash -> Binary,
        created_at -> UtcSql,
        expires_at -> UtcSql,
        used_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use crate::db::types::sql::UtcSql;
    sign_in_misses (address_hash) {
        address_hash -> Binary,
        failed -> BigInt,
        locked_until -> Nullable<UtcSql>,
        updated_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::db::types::sql::{UtcSql, UuidSql};
    issuer_links (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        person_id -> UuidSql,
        created_at -> UtcSql,
        last_used_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::db::types::sql::UtcSql;
    issuer_states (state_hash) {
        state_hash -> Binary,
        browser_hash -> Binary,
        issuer -> Text,
        next -> Text,
        expires_at -> UtcSql,
        used_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    api_clients (id) {
        id -> UuidSql,
        name -> Text,
        secret_hash -> Binary,
        scopes -> Text,
        active -> Bool,
        expires_at -> Nullable<UtcSql>,
        created_at -> UtcSql,
        old_secret_hash -> Nullable<Binary>,
        old_secret_ends_at -> Nullable<UtcSql>,
        networks -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    client_consents (client_id, school_id, given_at) {
        client_id -> UuidSql,
        school_id -> UuidSql,
        given_at -> UtcSql,
        basis -> Text,
        given_by -> Nullable<UuidSql>,
        withdrawn_at -> Nullable<UtcSql>,
        withdrawn_by -> Nullable<UuidSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    memberships (id) {
        id -> UuidSql,
        person_id -> Nullable<UuidSql>,
        client_id -> Nullable<UuidSql>,
        role -> Text,
        school_id -> Nullable<UuidSql>,
        service_id -> Nullable<UuidSql>,
        officer_id -> Nullable<UuidSql>,
        deputy -> Bool,
        state -> Text,
        begins_at -> UtcSql,
        ends_at -> Nullable<UtcSql>,
        source -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::db::types::sql::{UtcSql, UuidSql};
    pupils (id) {
        id -> UuidSql,
        school_id -> UuidSql,
        key_id -> UuidSql,
        upn_index -> Nullable<Binary>,
        identity -> Binary,
        created_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    cases (id) {
        id -> UuidSql,
        kind -> Text,
        reference -> Text,
        school_id -> UuidSql,
        service_id -> Nullable<UuidSql>,
        pupil_id -> UuidSql,
        officer_id -> Nullable<UuidSql>,
        queue -> Nullable<Text>,
        opened_by_kind -> Text,
        opened_by_id -> UuidSql,
        opened_at -> UtcSql,
        updated_at -> UtcSql,
        closed_at -> Nullable<UtcSql>,
        close_reason -> Nullable<Text>,
        version -> BigInt,
        disposed_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::db::types::sql::{JsonSql, UuidSql};
    referrals (id) {
        id -> UuidSql,
        year_group -> BigInt,
        key_area -> Nullable<Text>,
        urgency -> Text,
        state -> Text,
        routing -> JsonSql,
        reason -> Nullable<Text>,
        successor_id -> Nullable<UuidSql>,
        content -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Date, Nullable, Text};
    use crate::db::types::sql::UuidSql;
    warrn_records (id) {
        id -> UuidSql,
        agreement -> Text,
        expected_return_on -> Nullable<Date>,
        content -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    case_recipients (id) {
        id -> UuidSql,
        case_id -> UuidSql,
        part -> Text,
        stage -> BigInt,
        person_id -> Nullable<UuidSql>,
        officer_id -> Nullable<UuidSql>,
        begins_at -> UtcSql,
        ends_at -> Nullable<UtcSql>,
        due_at -> UtcSql,
        acknowledged_at -> Nullable<UtcSql>,
        acknowledged_by -> Nullable<UuidSql>,
        escalated_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    case_events (id) {
        id -> UuidSql,
        case_id -> UuidSql,
        at -> UtcSql,
        actor_kind -> Text,
        actor_id -> Nullable<UuidSql>,
        kind -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        note -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    case_people (id) {
        id -> UuidSql,
        case_id -> UuidSql,
        relation -> Text,
        details -> Binary,
        added_at -> UtcSql,
        ended_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    case_milestones (id) {
        id -> UuidSql,
        case_id -> UuidSql,
        kind -> Text,
        turn -> BigInt,
        due_at -> Nullable<UtcSql>,
        done_at -> Nullable<UtcSql>,
        done_by -> Nullable<UuidSql>,
        dropped_at -> Nullable<UtcSql>,
        stage -> BigInt,
        next_stage_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    case_pauses (id) {
        id -> UuidSql,
        case_id -> UuidSql,
        reason -> Text,
        begins_at -> UtcSql,
        ends_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Date, Nullable};
    use crate::db::types::sql::{UtcSql, UuidSql};
    case_tasks (id) {
        id -> UuidSql,
        case_id -> UuidSql,
        what -> Binary,
        person_id -> UuidSql,
        due_on -> Nullable<Date>,
        added_at -> UtcSql,
        done_at -> Nullable<UtcSql>,
        done_by -> Nullable<UuidSql>,
        told_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    case_documents (id) {
        id -> UuidSql,
        case_id -> UuidSql,
        media_type -> Text,
        size -> BigInt,
        name -> Binary,
        content -> Binary,
        scan -> Text,
        added_by_kind -> Text,
        added_by_id -> UuidSql,
        added_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::db::types::sql::{UtcSql, UuidSql};
    case_links (from_id, to_id, kind) {
        from_id -> UuidSql,
        to_id -> UuidSql,
        kind -> Text,
        added_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::db::types::sql::{JsonSql, UtcSql, UuidSql};
    instruments (id) {
        id -> UuidSql,
        code -> Text,
        version -> BigInt,
        definition -> JsonSql,
        published_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::db::types::sql::{JsonSql, UtcSql, UuidSql};
    instrument_drafts (id) {
        id -> UuidSql,
        code -> Text,
        version -> BigInt,
        definition -> JsonSql,
        revision -> BigInt,
        changed_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, SmallInt, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    campaigns (id) {
        id -> UuidSql,
        instrument_id -> UuidSql,
        academic_year -> Text,
        title_cy -> Text,
        title_en -> Text,
        opens_on -> Date,
        closes_on -> Date,
        version -> BigInt,
        created_at -> UtcSql,
        late_days -> SmallInt,
        years -> SmallInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, Nullable, SmallInt, Text};
    use crate::db::types::sql::UuidSql;
    campaign_schools (campaign_id, school_id) {
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        roll -> Nullable<BigInt>,
        signed_off_on -> Nullable<Date>,
        signed_off_by -> Nullable<UuidSql>,
        nil_return -> Nullable<Text>,
        unlocked_until -> Nullable<Date>,
        unlocked_for -> Nullable<Text>,
        reminded -> Nullable<SmallInt>,
        begun_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, SmallInt};
    use crate::db::types::sql::UuidSql;
    campaign_rolls (campaign_id, school_id, year_group) {
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        year_group -> SmallInt,
        pupils -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
    use crate::db::types::sql::UuidSql;
    survey_releases (campaign_id, number) {
        campaign_id -> UuidSql,
        number -> BigInt,
        state -> Text,
        reason -> Text,
        asked_on -> Date,
        asked_by -> Nullable<UuidSql>,
        published_on -> Nullable<Date>,
        refusal -> Nullable<Text>,
        header -> Nullable<Text>,
        digest -> Nullable<Text>,
        snapshot -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Text};
    use crate::db::types::sql::UuidSql;
    survey_actions (campaign_id, school_id, approach) {
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        approach -> Text,
        taken_up_on -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::db::types::sql::UuidSql;
    survey_release_tables (campaign_id, number, place) {
        campaign_id -> UuidSql,
        number -> BigInt,
        place -> BigInt,
        kind -> Text,
        school_id -> Nullable<UuidSql>,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, SmallInt};
    use crate::db::types::sql::UuidSql;
    responses (campaign_id, school_id, id) {
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        id -> UuidSql,
        year_group -> SmallInt,
        answers -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Nullable, SmallInt, Text};
    use crate::db::types::sql::UuidSql;
    code_sheets (id) {
        id -> UuidSql,
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        year_group -> SmallInt,
        class -> Text,
        size -> SmallInt,
        made_on -> Date,
        voided_on -> Nullable<Date>,
        voided -> SmallInt,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    use crate::db::types::sql::UuidSql;
    survey_codes (code_hash) {
        code_hash -> Binary,
        campaign_id -> UuidSql,
        sheet_id -> UuidSql,
    }
}

diesel::joinable!(survey_codes -> code_sheets (sheet_id));

diesel::table! {
    use diesel::sql_types::Binary;
    use crate::db::types::sql::UuidSql;
    spent_arrivals (code_hash) {
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        code_hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    use crate::db::types::sql::UuidSql;
    spent_codes (code_hash) {
        code_hash -> Binary,
        campaign_id -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, SmallInt};
    use crate::db::types::sql::UuidSql;
    arrivals (campaign_id, school_id, id) {
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        id -> UuidSql,
        year_group -> SmallInt,
        answers -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    use crate::db::types::sql::UuidSql;
    survey_text_arrivals (campaign_id, school_id, id) {
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        id -> UuidSql,
        content -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool};
    use crate::db::types::sql::UuidSql;
    survey_texts (id) {
        id -> UuidSql,
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        passed -> Bool,
        after_release -> BigInt,
        content -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Date, SmallInt, Text};
    use crate::db::types::sql::UuidSql;
    survey_class_days (campaign_id, school_id, year_group, class, day) {
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        year_group -> SmallInt,
        class -> Text,
        day -> Date,
        answered -> BigInt,
        help -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Nullable, SmallInt, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    survey_concerns (id) {
        id -> UuidSql,
        reference -> Text,
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        year_group -> SmallInt,
        class -> Text,
        day -> Date,
        acknowledged_by -> Nullable<UuidSql>,
        acknowledged_at -> Nullable<UtcSql>,
        pressed_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    use crate::db::types::sql::UuidSql;
    response_keys (campaign_id, school_id, key_hash) {
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        key_hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Date};
    use crate::db::types::sql::UuidSql;
    submissions (id) {
        id -> UuidSql,
        campaign_id -> UuidSql,
        school_id -> UuidSql,
        digest -> Binary,
        accepted -> BigInt,
        rejected -> BigInt,
        duplicates -> BigInt,
        received_on -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    notices (id) {
        id -> UuidSql,
        dedupe -> Text,
        wording -> Text,
        recipient_kind -> Text,
        recipient_id -> UuidSql,
        subject_kind -> Text,
        subject_id -> UuidSql,
        reference -> Text,
        due_at -> Nullable<UtcSql>,
        state -> Text,
        attempts -> BigInt,
        next_at -> UtcSql,
        leased_until -> Nullable<UtcSql>,
        problem -> Nullable<Text>,
        created_at -> UtcSql,
        finished_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Nullable, Text};
    use crate::db::types::sql::UuidSql;
    calendar_terms (id) {
        id -> UuidSql,
        school_id -> Nullable<UuidSql>,
        begins_on -> Date,
        ends_on -> Date,
        name_cy -> Text,
        name_en -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::BigInt;
    use crate::db::types::sql::UtcSql;
    calendar_versions (version) {
        version -> BigInt,
        made_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Nullable, Text};
    use crate::db::types::sql::UuidSql;
    calendar_days (id) {
        id -> UuidSql,
        school_id -> Nullable<UuidSql>,
        kind -> Text,
        begins_on -> Date,
        ends_on -> Date,
        name_cy -> Text,
        name_en -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::Date;
    use crate::db::types::sql::UuidSql;
    person_absences (id) {
        id -> UuidSql,
        person_id -> UuidSql,
        begins_on -> Date,
        ends_on -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, Nullable, Text};
    use crate::db::types::sql::UuidSql;
    warrn_returns (id) {
        id -> UuidSql,
        source -> Text,
        received_on -> Date,
        returned_on -> Nullable<Date>,
        attendance -> Nullable<Text>,
        calendar_version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    warrn_steps (id) {
        id -> UuidSql,
        record_id -> UuidSql,
        step -> Text,
        turn -> BigInt,
        held_on -> Date,
        next_on -> Nullable<Date>,
        part_time_until -> Nullable<Date>,
        content -> Nullable<Binary>,
        noted_at -> UtcSql,
        noted_by -> UuidSql,
        attendance -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    provisions (id) {
        id -> UuidSql,
        record_id -> UuidSql,
        reference -> Text,
        kind -> Text,
        starts_on -> Date,
        review_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        minutes_per_week -> Nullable<BigInt>,
        consent_on -> Nullable<Date>,
        placement -> Nullable<Text>,
        ended_on -> Nullable<Date>,
        ending -> Nullable<Text>,
        review_turn -> Nullable<BigInt>,
        end_turn -> Nullable<BigInt>,
        content -> Binary,
        started_at -> UtcSql,
        started_by -> UuidSql,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Date, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    provision_notes (id) {
        id -> UuidSql,
        provision_id -> UuidSql,
        record_id -> UuidSql,
        kind -> Text,
        held_on -> Date,
        next_on -> Nullable<Date>,
        content -> Binary,
        noted_at -> UtcSql,
        noted_by -> UuidSql,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    emergency_accesses (id) {
        id -> UuidSql,
        reference -> Text,
        role -> Text,
        person_id -> UuidSql,
        pupil_id -> UuidSql,
        school_id -> UuidSql,
        service_id -> Nullable<UuidSql>,
        reason -> Binary,
        started_at -> UtcSql,
        ends_at -> UtcSql,
        live -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::Nullable;
    use crate::db::types::sql::UuidSql;
    emergency_owners (id) {
        id -> UuidSql,
        emergency_id -> UuidSql,
        person_id -> Nullable<UuidSql>,
        officer_id -> Nullable<UuidSql>,
        service_id -> Nullable<UuidSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    emergency_reviews (id) {
        id -> UuidSql,
        reviewer_id -> UuidSql,
        outcome -> Text,
        note -> Binary,
        reviewed_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    warrn_alerts (id) {
        id -> UuidSql,
        reference -> Text,
        service_id -> UuidSql,
        school_id -> Nullable<UuidSql>,
        cluster -> Nullable<Text>,
        raised_at -> UtcSql,
        told_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use crate::db::types::sql::UuidSql;
    warrn_alert_records (alert_id, record_id) {
        alert_id -> UuidSql,
        record_id -> UuidSql,
    }
}

diesel::joinable!(warrn_returns -> warrn_records (id));
diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::db::types::sql::UtcSql;
    retention_rules (record_class) {
        record_class -> Text,
        anchor -> Text,
        years -> BigInt,
        action -> Text,
        source -> Text,
        version -> BigInt,
        updated_at -> UtcSql,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    retention_changes (id) {
        id -> UuidSql,
        record_class -> Text,
        anchor -> Text,
        years -> BigInt,
        action -> Text,
        source -> Text,
        proposed_by -> UuidSql,
        proposed_at -> UtcSql,
        decided_by -> Nullable<UuidSql>,
        decided_at -> Nullable<UtcSql>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use crate::db::types::sql::UtcSql;
    retention_certificates (number) {
        number -> BigInt,
        made_at -> UtcSql,
        body -> Text,
        digest -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    case_retention (case_id, record_class) {
        case_id -> UuidSql,
        record_class -> Text,
        dispose_after -> Nullable<Date>,
        reckoned_at -> UtcSql,
        review -> Nullable<Text>,
        reviewed_by -> Nullable<UuidSql>,
        reviewed_at -> Nullable<UtcSql>,
        disposed_at -> Nullable<UtcSql>,
        certificate -> Nullable<BigInt>,
        confirmed_by -> Nullable<UuidSql>,
        confirmed_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Date, Nullable};
    use crate::db::types::sql::{UtcSql, UuidSql};
    legal_holds (id) {
        id -> UuidSql,
        pupil_id -> UuidSql,
        case_id -> Nullable<UuidSql>,
        reason -> Binary,
        placed_by -> UuidSql,
        placed_at -> UtcSql,
        until -> Nullable<Date>,
        ended_by -> Nullable<UuidSql>,
        ended_at -> Nullable<UtcSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    tombstones (kind, id) {
        kind -> Text,
        id -> UuidSql,
        at -> UtcSql,
        record_class -> Text,
        certificate -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    subject_access_requests (id) {
        id -> UuidSql,
        reference -> Text,
        pupil_id -> UuidSql,
        asked_by -> Text,
        received_on -> Date,
        due_on -> Date,
        state -> Text,
        opened_by -> UuidSql,
        opened_at -> UtcSql,
        gathered_at -> Nullable<UtcSql>,
        finished_by -> Nullable<UuidSql>,
        finished_at -> Nullable<UtcSql>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    subject_access_pieces (id) {
        id -> UuidSql,
        request_id -> UuidSql,
        number -> BigInt,
        marked -> Bool,
        content -> Binary,
        decision -> Nullable<Text>,
        reason -> Nullable<Text>,
        decided_by -> Nullable<UuidSql>,
        decided_at -> Nullable<UtcSql>,
        case_id -> Nullable<UuidSql>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use crate::db::types::sql::{UtcSql, UuidSql};
    subject_access_bundles (id) {
        id -> UuidSql,
        request_id -> UuidSql,
        format -> Text,
        content -> Binary,
        size -> BigInt,
        made_at -> UtcSql,
    }
}

diesel::joinable!(case_retention -> cases (case_id));
diesel::joinable!(referrals -> cases (id));
diesel::joinable!(warrn_records -> cases (id));

diesel::allow_tables_to_appear_in_same_query!(
    audit_entries,
    audit_head,
    child_keys,
    system_keys,
    retired_keys,
    audit_checkpoints,
    idempotency_keys,
    schools,
    school_places,
    services,
    officers,
    officer_areas,
    officer_services,
    officer_coverage,
    people,
    sessions,
    factors,
    recovery_codes,
    invitations,
    sign_in_links,
    sign_in_misses,
    api_clients,
    client_consents,
    issuer_links,
    issuer_states,
    memberships,
    pupils,
    cases,
    referrals,
    warrn_records,
    case_recipients,
    case_events,
    case_people,
    case_milestones,
    case_pauses,
    case_tasks,
    case_documents,
    case_links,
    instruments,
    instrument_drafts,
    campaigns,
    campaign_rolls,
    campaign_schools,
    survey_actions,
    survey_releases,
    survey_release_tables,
    responses,
    code_sheets,
    survey_codes,
    spent_codes,
    spent_arrivals,
    arrivals,
    survey_text_arrivals,
    survey_texts,
    survey_class_days,
    survey_concerns,
    response_keys,
    submissions,
    notices,
    calendar_terms,
    calendar_versions,
    calendar_days,
    person_absences,
    warrn_returns,
    warrn_steps,
    warrn_alerts,
    warrn_alert_records,
    provisions,
    provision_notes,
    emergency_accesses,
    emergency_owners,
    emergency_reviews,
    retention_rules,
    retention_changes,
    retention_certificates,
    case_retention,
    legal_holds,
    tombstones,
    subject_access_requests,
    subject_access_pieces,
    subject_access_bundles,
);
