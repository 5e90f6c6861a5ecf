"""first tables

Revision: 0001, after 
"""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

KEPT = (
    ("journal_entry", "UPDATE"),
    ("journal_entry", "DELETE"),
    ("award", "DELETE"),
    ("certificate", "DELETE"),
    ("evidence_review", "DELETE"),
    ("grade_snapshot", "UPDATE"),
    ("grade_snapshot", "DELETE"),
    ("published_rule", "UPDATE"),
    ("published_rule", "DELETE"),
)
"""What must never be erased or rewritten: the database itself refuses it (N14)."""


def upgrade() -> None:
    op.create_table('domain',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('label_fr', sa.String(length=200), nullable=False),
    sa.Column('label_en', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_domain')),
    sa.UniqueConstraint('code', name=op.f('uq_domain_code')),
    sa.UniqueConstraint('number', name=op.f('uq_domain_number'))
    )
    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('args', sa.JSON(), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('worker', sa.String(length=60), nullable=True),
    sa.Column('progress_done', sa.Integer(), nullable=False),
    sa.Column('progress_total', sa.Integer(), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('error_code', sa.String(length=40), nullable=True),
    sa.Column('error_detail', sa.String(length=500), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('public_id', name=op.f('uq_job_public_id'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_state_run_at'), ['state', 'run_at'], unique=False)
        batch_op.create_index('uq_job_pending_key', ['key'], unique=True, sqlite_where=sa.text("state IN ('queued', 'running')"), postgresql_where=sa.text("state IN ('queued', 'running')"))

    op.create_table('journal_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('basis', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_journal_entry'))
    )
    with op.batch_alter_table('journal_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_journal_entry_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_journal_entry_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_journal_entry_subject_subject_id'), ['subject', 'subject_id'], unique=False)

    op.create_table('number_sequence',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('domain_number', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', 'domain_number', name=op.f('pk_number_sequence'))
    )
    op.create_table('partner',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=250), nullable=False),
    sa.Column('city', sa.String(length=120), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner')),
    sa.UniqueConstraint('name', name=op.f('uq_partner_name')),
    sa.UniqueConstraint('public_id', name=op.f('uq_partner_public_id'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('full_name', sa.String(length=300), nullable=False),
    sa.Column('given_name', sa.String(length=150), nullable=False),
    sa.Column('locale', sa.String(length=10), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('public_id', name=op.f('uq_person_public_id'))
    )
    op.create_table('platform_key_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('jwks_url', sa.String(length=500), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_key_set')),
    sa.UniqueConstraint('jwks_url', name=op.f('uq_platform_key_set_jwks_url'))
    )
    op.create_table('site',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('base_url', sa.String(length=300), nullable=False),
    sa.Column('token', sa.Text(), nullable=True),
    sa.Column('token_set_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('check_findings', sa.JSON(), nullable=True),
    sa.Column('courses_read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site')),
    sa.UniqueConstraint('base_url', name=op.f('uq_site_base_url'))
    )
    op.create_table('tool_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kid', sa.String(length=64), nullable=False),
    sa.Column('private_pem', sa.Text(), nullable=False),
    sa.Column('public_jwk', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tool_key')),
    sa.UniqueConstraint('kid', name=op.f('uq_tool_key_kid'))
    )
    op.create_table('used_ticket',
    sa.Column('ticket_hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('ticket_hash', name=op.f('pk_used_ticket'))
    )
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('idnumber', sa.String(length=255), nullable=False),
    sa.Column('full_name', sa.String(length=300), nullable=False),
    sa.Column('suspended', sa.Boolean(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_person_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_account_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('site_id', 'subject', name=op.f('uq_account_site_id_subject'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_person_id'), ['person_id'], unique=False)

    op.create_table('browser_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_browser_session_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_browser_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_browser_session_token_hash'))
    )
    with op.batch_alter_table('browser_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_browser_session_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_browser_session_person_id'), ['person_id'], unique=False)

    op.create_table('claim_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_claim_link_partner_id')),
    sa.ForeignKeyConstraint(['used_by'], ['person.id'], name=op.f('fk_claim_link_used_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_claim_link_token_hash'))
    )
    op.create_table('cohort_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('cohort_name', sa.String(length=254), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('untied_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_cohort_link_partner_id')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_cohort_link_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort_link'))
    )
    with op.batch_alter_table('cohort_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cohort_link_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index('uq_cohort_link_current', ['site_id', 'cohort_id'], unique=True, sqlite_where=sa.text('untied_at IS NULL'), postgresql_where=sa.text('untied_at IS NULL'))

    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=24), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('notice_version', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_consent_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_person_id_purpose'), ['person_id', 'purpose'], unique=False)

    op.create_table('course',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('moodle_id', sa.Integer(), nullable=False),
    sa.Column('idnumber', sa.String(length=100), nullable=False),
    sa.Column('shortname', sa.String(length=255), nullable=False),
    sa.Column('fullname', sa.String(length=1333), nullable=False),
    sa.Column('summary', sa.String(length=4000), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_course_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course')),
    sa.UniqueConstraint('site_id', 'moodle_id', name=op.f('uq_course_site_id_moodle_id'))
    )
    op.create_table('framework_agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('scope', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_framework_agreement_partner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_framework_agreement')),
    sa.UniqueConstraint('partner_id', 'signed_on', name=op.f('uq_framework_agreement_partner_id_signed_on'))
    )
    with op.batch_alter_table('framework_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_framework_agreement_partner_id'), ['partner_id'], unique=False)

    op.create_table('published_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('domain_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['domain_id'], ['domain.id'], name=op.f('fk_published_rule_domain_id')),
    sa.ForeignKeyConstraint(['published_by'], ['person.id'], name=op.f('fk_published_rule_published_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_rule')),
    sa.UniqueConstraint('domain_id', 'version', name=op.f('uq_published_rule_domain_id_version'))
    )
    op.create_table('registration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('issuer', sa.String(length=300), nullable=False),
    sa.Column('client_id', sa.String(length=200), nullable=False),
    sa.Column('auth_login_url', sa.String(length=500), nullable=False),
    sa.Column('token_url', sa.String(length=500), nullable=False),
    sa.Column('jwks_url', sa.String(length=500), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_registration_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration')),
    sa.UniqueConstraint('issuer', 'client_id', name=op.f('uq_registration_issuer_client_id'))
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_site_id'), ['site_id'], unique=False)

    op.create_table('role_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('granted_by', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['granted_by'], ['person.id'], name=op.f('fk_role_grant_granted_by')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_role_grant_partner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_grant_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grant_partner_id'), ['partner_id'], unique=False)
        batch_op.create_index('uq_role_grant_current', ['person_id', 'role', sa.literal_column('coalesce(partner_id, 0)')], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))

    op.create_table('subtheme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('domain_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('label_fr', sa.String(length=120), nullable=False),
    sa.Column('label_en', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['domain_id'], ['domain.id'], name=op.f('fk_subtheme_domain_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subtheme')),
    sa.UniqueConstraint('domain_id', 'code', name=op.f('uq_subtheme_domain_id_code'))
    )
    op.create_table('affiliation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('cohort_link_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_link_id'], ['cohort_link.id'], name=op.f('fk_affiliation_cohort_link_id')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_affiliation_partner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_affiliation_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_affiliation'))
    )
    with op.batch_alter_table('affiliation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_affiliation_cohort_link_id'), ['cohort_link_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_affiliation_partner_id_until'), ['partner_id', 'until'], unique=False)
        batch_op.create_index('uq_affiliation_current', ['person_id', 'partner_id'], unique=True, sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))

    op.create_table('award',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('domain_id', sa.Integer(), nullable=False),
    sa.Column('subtheme_id', sa.Integer(), nullable=True),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('route', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('decision', sa.JSON(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decision_reason', sa.String(length=1000), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_award_course_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_award_decided_by')),
    sa.ForeignKeyConstraint(['domain_id'], ['domain.id'], name=op.f('fk_award_domain_id')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_award_partner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_award_person_id')),
    sa.ForeignKeyConstraint(['rule_id'], ['published_rule.id'], name=op.f('fk_award_rule_id')),
    sa.ForeignKeyConstraint(['subtheme_id'], ['subtheme.id'], name=op.f('fk_award_subtheme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award')),
    sa.UniqueConstraint('public_id', name=op.f('uq_award_public_id'))
    )
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_domain_id'), ['domain_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_partner_id_state'), ['partner_id', 'state'], unique=False)
        batch_op.create_index('uq_award_open', ['person_id', 'domain_id', sa.literal_column('coalesce(subtheme_id, 0)')], unique=True, sqlite_where=sa.text("state IN ('proposed', 'issued', 'suspended')"), postgresql_where=sa.text("state IN ('proposed', 'issued', 'suspended')"))

    op.create_table('course_mapping',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('domain_id', sa.Integer(), nullable=False),
    sa.Column('subtheme_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('valid_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_to', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('end_reason', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_mapping_course_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_course_mapping_decided_by')),
    sa.ForeignKeyConstraint(['domain_id'], ['domain.id'], name=op.f('fk_course_mapping_domain_id')),
    sa.ForeignKeyConstraint(['ended_by'], ['person.id'], name=op.f('fk_course_mapping_ended_by')),
    sa.ForeignKeyConstraint(['subtheme_id'], ['subtheme.id'], name=op.f('fk_course_mapping_subtheme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_mapping'))
    )
    with op.batch_alter_table('course_mapping', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_mapping_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_mapping_domain_id'), ['domain_id'], unique=False)
        batch_op.create_index('uq_course_mapping_current', ['course_id', 'domain_id', sa.literal_column('coalesce(subtheme_id, 0)')], unique=True, sqlite_where=sa.text('valid_to IS NULL'), postgresql_where=sa.text('valid_to IS NULL'))

    op.create_table('deployment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('deployment_id', sa.String(length=255), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_deployment_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deployment')),
    sa.UniqueConstraint('registration_id', 'deployment_id', name=op.f('uq_deployment_registration_id_deployment_id'))
    )
    op.create_table('enrolment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('last_access', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_enrolment_account_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_enrolment_course_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment')),
    sa.UniqueConstraint('course_id', 'account_id', name=op.f('uq_enrolment_course_id_account_id'))
    )
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_account_id'), ['account_id'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('domain_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('place_precision', sa.String(length=10), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('author_role', sa.String(length=500), nullable=False),
    sa.Column('outcome', sa.String(length=2000), nullable=False),
    sa.Column('link', sa.String(length=500), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_evidence_author_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_evidence_course_id')),
    sa.ForeignKeyConstraint(['domain_id'], ['domain.id'], name=op.f('fk_evidence_domain_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('public_id', name=op.f('uq_evidence_public_id'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_author_id_domain_id'), ['author_id', 'domain_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_state_course_id'), ['state', 'course_id'], unique=False)

    op.create_table('grade_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('moodle_id', sa.Integer(), nullable=False),
    sa.Column('item_type', sa.String(length=20), nullable=False),
    sa.Column('module', sa.String(length=30), nullable=False),
    sa.Column('idnumber', sa.String(length=255), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('cmid', sa.Integer(), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_grade_item_course_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grade_item')),
    sa.UniqueConstraint('course_id', 'moodle_id', name=op.f('uq_grade_item_course_id_moodle_id'))
    )
    op.create_table('login_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state_hash', sa.String(length=64), nullable=False),
    sa.Column('nonce_hash', sa.String(length=64), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('target_link_uri', sa.String(length=1000), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('consumed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_login_attempt_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempt')),
    sa.UniqueConstraint('state_hash', name=op.f('uq_login_attempt_state_hash'))
    )
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_attempt_expires_at'), ['expires_at'], unique=False)

    op.create_table('pull',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('unreadable', sa.Integer(), nullable=False),
    sa.Column('error_code', sa.String(length=40), nullable=True),
    sa.Column('warnings', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_pull_course_id')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_pull_job_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pull'))
    )
    with op.batch_alter_table('pull', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pull_course_id_id'), ['course_id', 'id'], unique=False)

    op.create_table('session_course',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('launched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('return_url', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_session_course_course_id')),
    sa.ForeignKeyConstraint(['session_id'], ['browser_session.id'], name=op.f('fk_session_course_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_course')),
    sa.UniqueConstraint('session_id', 'course_id', name=op.f('uq_session_course_session_id_course_id'))
    )
    op.create_table('unreadable',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_unreadable_account_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_unreadable_course_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unreadable')),
    sa.UniqueConstraint('course_id', 'account_id', name=op.f('uq_unreadable_course_id_account_id'))
    )
    op.create_table('anchoring_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('domain_id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_anchoring_case_award_id')),
    sa.ForeignKeyConstraint(['domain_id'], ['domain.id'], name=op.f('fk_anchoring_case_domain_id')),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], name=op.f('fk_anchoring_case_partner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_anchoring_case_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anchoring_case')),
    sa.UniqueConstraint('award_id', name=op.f('uq_anchoring_case_award_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_anchoring_case_public_id'))
    )
    with op.batch_alter_table('anchoring_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_anchoring_case_partner_id_domain_id'), ['partner_id', 'domain_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_anchoring_case_person_id'), ['person_id'], unique=False)

    op.create_table('certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('code', sa.String(length=26), nullable=False),
    sa.Column('holder_name', sa.String(length=300), nullable=False),
    sa.Column('name_shown', sa.String(length=12), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('file', sa.String(length=200), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_certificate_award_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('award_id', name=op.f('uq_certificate_award_id')),
    sa.UniqueConstraint('code', name=op.f('uq_certificate_code')),
    sa.UniqueConstraint('number', name=op.f('uq_certificate_number'))
    )
    op.create_table('completion_snapshot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('pull_id', sa.Integer(), nullable=False),
    sa.Column('completed', sa.Boolean(), nullable=True),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_completion_snapshot_account_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_completion_snapshot_course_id')),
    sa.ForeignKeyConstraint(['pull_id'], ['pull.id'], name=op.f('fk_completion_snapshot_pull_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completion_snapshot'))
    )
    with op.batch_alter_table('completion_snapshot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_completion_snapshot_account_id_course_id_id'), ['account_id', 'course_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_completion_snapshot_course_id'), ['course_id'], unique=False)

    op.create_table('evidence_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('reviewer_role', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name=op.f('fk_evidence_review_evidence_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['person.id'], name=op.f('fk_evidence_review_reviewer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_review'))
    )
    with op.batch_alter_table('evidence_review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_review_evidence_id'), ['evidence_id'], unique=False)

    op.create_table('grade_snapshot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('pull_id', sa.Integer(), nullable=False),
    sa.Column('final', sa.Numeric(15, 5).with_variant(sa.String(20), "sqlite"), nullable=True),
    sa.Column('grade_min', sa.Numeric(15, 5).with_variant(sa.String(20), "sqlite"), nullable=True),
    sa.Column('grade_max', sa.Numeric(15, 5).with_variant(sa.String(20), "sqlite"), nullable=True),
    sa.Column('hidden', sa.Boolean(), nullable=True),
    sa.Column('overridden', sa.Boolean(), nullable=True),
    sa.Column('locked', sa.Boolean(), nullable=True),
    sa.Column('excluded', sa.Boolean(), nullable=True),
    sa.Column('needs_update', sa.Boolean(), nullable=True),
    sa.Column('label', sa.String(length=255), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_grade_snapshot_account_id')),
    sa.ForeignKeyConstraint(['item_id'], ['grade_item.id'], name=op.f('fk_grade_snapshot_item_id')),
    sa.ForeignKeyConstraint(['pull_id'], ['pull.id'], name=op.f('fk_grade_snapshot_pull_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grade_snapshot'))
    )
    with op.batch_alter_table('grade_snapshot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grade_snapshot_account_id_item_id_id'), ['account_id', 'item_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_grade_snapshot_item_id'), ['item_id'], unique=False)

    op.create_table('current_grade',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('snapshot_id', sa.Integer(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_current_grade_account_id')),
    sa.ForeignKeyConstraint(['item_id'], ['grade_item.id'], name=op.f('fk_current_grade_item_id')),
    sa.ForeignKeyConstraint(['snapshot_id'], ['grade_snapshot.id'], name=op.f('fk_current_grade_snapshot_id')),
    sa.PrimaryKeyConstraint('account_id', 'item_id', name=op.f('pk_current_grade'))
    )
    op.create_table('wave',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['anchoring_case.id'], name=op.f('fk_wave_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wave')),
    sa.UniqueConstraint('case_id', 'months', name=op.f('uq_wave_case_id_months')),
    sa.UniqueConstraint('public_id', name=op.f('uq_wave_public_id'))
    )
    with op.batch_alter_table('wave', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wave_opens_on_closes_on'), ['opens_on', 'closes_on'], unique=False)

    op.create_table('confirmation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.Column('given_by', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['given_by'], ['person.id'], name=op.f('fk_confirmation_given_by')),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_confirmation_wave_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_confirmation')),
    sa.UniqueConstraint('wave_id', name=op.f('uq_confirmation_wave_id'))
    )
    op.create_table('self_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('uses', sa.Integer(), nullable=False),
    sa.Column('distinct_actions', sa.Integer(), nullable=False),
    sa.Column('autonomy', sa.Integer(), nullable=False),
    sa.Column('transmission', sa.Integer(), nullable=False),
    sa.Column('obstacles', sa.String(length=2000), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_self_report_wave_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_self_report')),
    sa.UniqueConstraint('wave_id', name=op.f('uq_self_report_wave_id'))
    )

    for table, verb in KEPT:
        name = f"{table}_no_{verb.lower()}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} keeps every line'); END"
            )
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} keeps every line'; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )


def downgrade() -> None:
    op.drop_table('self_report')
    op.drop_table('confirmation')
    with op.batch_alter_table('wave', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wave_opens_on_closes_on'))

    op.drop_table('wave')
    op.drop_table('current_grade')
    with op.batch_alter_table('grade_snapshot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grade_snapshot_item_id'))
        batch_op.drop_index(batch_op.f('ix_grade_snapshot_account_id_item_id_id'))

    op.drop_table('grade_snapshot')
    with op.batch_alter_table('evidence_review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_review_evidence_id'))

    op.drop_table('evidence_review')
    with op.batch_alter_table('completion_snapshot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_completion_snapshot_course_id'))
        batch_op.drop_index(batch_op.f('ix_completion_snapshot_account_id_course_id_id'))

    op.drop_table('completion_snapshot')
    op.drop_table('certificate')
    with op.batch_alter_table('anchoring_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_anchoring_case_person_id'))
        batch_op.drop_index(batch_op.f('ix_anchoring_case_partner_id_domain_id'))

    op.drop_table('anchoring_case')
    op.drop_table('unreadable')
    op.drop_table('session_course')
    with op.batch_alter_table('pull', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pull_course_id_id'))

    op.drop_table('pull')
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_attempt_expires_at'))

    op.drop_table('login_attempt')
    op.drop_table('grade_item')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_state_course_id'))
        batch_op.drop_index(batch_op.f('ix_evidence_author_id_domain_id'))

    op.drop_table('evidence')
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enrolment_account_id'))

    op.drop_table('enrolment')
    op.drop_table('deployment')
    with op.batch_alter_table('course_mapping', schema=None) as batch_op:
        batch_op.drop_index('uq_course_mapping_current', sqlite_where=sa.text('valid_to IS NULL'), postgresql_where=sa.text('valid_to IS NULL'))
        batch_op.drop_index(batch_op.f('ix_course_mapping_domain_id'))
        batch_op.drop_index(batch_op.f('ix_course_mapping_course_id'))

    op.drop_table('course_mapping')
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.drop_index('uq_award_open', sqlite_where=sa.text("state IN ('proposed', 'issued', 'suspended')"), postgresql_where=sa.text("state IN ('proposed', 'issued', 'suspended')"))
        batch_op.drop_index(batch_op.f('ix_award_partner_id_state'))
        batch_op.drop_index(batch_op.f('ix_award_domain_id'))
        batch_op.drop_index(batch_op.f('ix_award_course_id'))

    op.drop_table('award')
    with op.batch_alter_table('affiliation', schema=None) as batch_op:
        batch_op.drop_index('uq_affiliation_current', sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))
        batch_op.drop_index(batch_op.f('ix_affiliation_partner_id_until'))
        batch_op.drop_index(batch_op.f('ix_affiliation_cohort_link_id'))

    op.drop_table('affiliation')
    op.drop_table('subtheme')
    with op.batch_alter_table('role_grant', schema=None) as batch_op:
        batch_op.drop_index('uq_role_grant_current', sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_role_grant_partner_id'))

    op.drop_table('role_grant')
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_site_id'))

    op.drop_table('registration')
    op.drop_table('published_rule')
    with op.batch_alter_table('framework_agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_framework_agreement_partner_id'))

    op.drop_table('framework_agreement')
    op.drop_table('course')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_person_id_purpose'))

    op.drop_table('consent')
    with op.batch_alter_table('cohort_link', schema=None) as batch_op:
        batch_op.drop_index('uq_cohort_link_current', sqlite_where=sa.text('untied_at IS NULL'), postgresql_where=sa.text('untied_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_cohort_link_partner_id'))

    op.drop_table('cohort_link')
    op.drop_table('claim_link')
    with op.batch_alter_table('browser_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_browser_session_person_id'))
        batch_op.drop_index(batch_op.f('ix_browser_session_expires_at'))

    op.drop_table('browser_session')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_person_id'))

    op.drop_table('account')
    op.drop_table('used_ticket')
    op.drop_table('tool_key')
    op.drop_table('site')
    op.drop_table('platform_key_set')
    op.drop_table('person')
    op.drop_table('partner')
    op.drop_table('number_sequence')
    with op.batch_alter_table('journal_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_journal_entry_subject_subject_id'))
        batch_op.drop_index(batch_op.f('ix_journal_entry_actor_id'))
        batch_op.drop_index(batch_op.f('ix_journal_entry_action'))

    op.drop_table('journal_entry')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('uq_job_pending_key', sqlite_where=sa.text("state IN ('queued', 'running')"), postgresql_where=sa.text("state IN ('queued', 'running')"))
        batch_op.drop_index(batch_op.f('ix_job_state_run_at'))

    op.drop_table('job')
    op.drop_table('domain')

    if op.get_bind().dialect.name == "postgresql":
        for table, verb in KEPT:
            op.execute(f"DROP FUNCTION {table}_no_{verb.lower()}()")
