import { css, html, LitElement, nothing } from 'lit';
import { customElement, query, queryAll, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../src/base/failure';
import { connect, type Remote } from '../../src/base/rpc';
import type { FormApi, FormInit } from '../../src/model/contracts/panel-api';
import type { TestReport } from '../../src/model/contracts/session';
import { uniqueName } from '../../src/model/contracts/settings';
import { startOf, withProtocol } from '../../src/model/profile/edit';
import type { Field } from '../../src/model/profile/field';
import { certificatePin } from '../../src/model/profile/fields';
import type { Preset, ProtocolDescription } from '../../src/protocols/description';
import { describe, descriptions } from '../../src/protocols/descriptions';
import '../base/failure-note';
import { port } from '../base/port';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import type { General } from './general';
import { profileGroups } from './groups';
import { firstCheckProblem, type MessageChecks } from './message-checks';
import './message-checks';
import { allFields, type Input, profileProblem, writeValue } from './profile';
import './general';
import './presets';
import type { Secret } from './secret';
import { itemStyles } from './styles';
import './test-report';

const styles = css`
	:host { display: flex; flex-direction: column; height: 100vh; }
	main { flex: 1 1 0; overflow: auto; padding: 12px 20px 20px; }
	main > * { max-width: 640px; }
	mw-general { display: block; }
	h1 { margin: 4px 0 12px; font-size: 1.5em; font-weight: 600; }
	footer { display: flex; flex-direction: column; gap: 8px; flex: none; max-height: 60vh;
		padding: 10px 20px; border-top: 1px solid var(--line); }
	footer > * { max-width: 640px; }
	mw-test-report { flex: 0 1 auto; min-height: 0; overflow: auto; }
	.buttons { flex: none; flex-wrap: wrap; }
`;

/** Milliseconds without a change after which the host receives the unsaved profile. */
const draftDelay = 300;

/** The form of a profile, drawn from the description of its protocol. */
@customElement('mw-form')
export class Form extends LitElement {
	static override styles = [shared, controls, itemStyles, styles];
	@state() private info: FormInit | undefined;
	@state() private profile: Input = {};
	@state() private scope: 'workspace' | 'user' = 'user';
	@state() private secrets: string[] = [];
	@state() private tried = false;
	@state() private failure: Failure | undefined;
	@state() private report: TestReport | 'running' | undefined;
	/** Titles of the groups that show their advanced fields. */
	@state() private open: ReadonlySet<string> = new Set();
	@query('mw-general') private general!: General | null;
	@query('mw-message-checks') private checks!: MessageChecks | null;
	@queryAll('mw-secret') private secretFields!: NodeListOf<Secret>;
	private testing: symbol | undefined;
	private drafting: ReturnType<typeof setTimeout> | undefined;
	private remote!: Remote<FormApi>;
	/** The values that a preset has filled in, as long as it is the start. */
	private preset: Input | undefined;

	override connectedCallback() {
		super.connectedCallback();
		this.remote = connect<object, FormApi>(port, {}, {}, { timeoutMs: 3_600_000, remedyCommands: true }).remote;
		void this.attempt(async () => {
			const info = await this.remote.init();
			this.profile = info.profile;
			this.scope = info.scope;
			this.secrets = info.storedSecrets;
			this.info = info;
		});
	}

	private async attempt(action: () => Promise<unknown>) {
		try {
			this.failure = undefined;
			await action();
		} catch (error) {
			this.failure = toFailure(error);
		}
	}

	private get description(): ProtocolDescription {
		return describe(String(this.profile.protocol)) ?? (descriptions[0] as ProtocolDescription);
	}

	private readonly change = (profile: Input) => {
		this.profile = profile;
		this.edited();
	};

	/** Results of an earlier test or attempt to save are about other values. */
	private edited() {
		this.failure = undefined;
		if (this.report === 'running') void this.cancelTest();
		this.report = undefined;
		clearTimeout(this.drafting);
		this.drafting = setTimeout(() => {
			if (this.isChanged) void this.remote.keepDraft(this.profile, this.scope).catch(() => {});
		}, draftDelay);
	}

	private get isChanged(): boolean {
		const { info } = this;
		if (!info) return false;
		const own = info.isNew ? { protocol: this.profile.protocol } : {};
		return (
			info.isDraft ||
			this.scope !== info.scope ||
			JSON.stringify(this.profile) !== JSON.stringify({ ...info.profile, ...own }) ||
			[...this.secretFields].some(({ typed, isRemoved }) => typed !== '' || isRemoved)
		);
	}

	/** Secrets belong to an origin, so another address has other stored secrets. */
	private readonly readSecrets = () => {
		void this.attempt(async () => {
			this.secrets = await this.remote.secretsFor(this.profile);
		});
	};

	private browse(field: Field) {
		return this.attempt(async () => {
			const path = await this.remote.pickFile(field.label);
			if (path !== undefined) this.change(writeValue(this.profile, field, path));
		});
	}

	/** Puts a password of the URL into its field. */
	private readonly takePassword = (password: string): boolean => {
		const field = [...this.secretFields].find((secret) => secret.field.key === 'password');
		void field?.take(password);
		return field !== undefined;
	};

	/** Hands the typed secrets to the host, in a call of their own. */
	private async handOver() {
		const all = [...this.secretFields];
		const typed = all.flatMap(({ field, typed }): [string, string][] => (typed === '' ? [] : [[field.key, typed]]));
		const removed = all.filter(({ isRemoved }) => isRemoved).map(({ field }) => field.key);
		await this.remote.enterSecrets(Object.fromEntries(typed), removed);
	}

	private async cancelTest() {
		this.testing = undefined;
		this.report = undefined;
		await this.attempt(() => this.remote.cancelTest());
	}

	private readonly test = async () => {
		this.report = undefined;
		if (!this.isComplete()) return;
		const turn = Symbol('test');
		this.testing = turn;
		this.report = 'running';
		await this.attempt(async () => {
			await this.handOver();
			const report = await this.remote.test(this.profile);
			if (this.testing === turn) this.report = report;
		});
		if (this.testing === turn && this.report === 'running') this.report = undefined;
	};

	private get pinField(): Field | undefined {
		return allFields(this.description).find(({ key }) => key === certificatePin);
	}

	/** Trusts the certificate that was refused, and tests again. */
	private readonly trust = () => {
		void this.attempt(async () => {
			const field = this.pinField;
			const pin = await this.remote.trustCertificate();
			if (!field || pin === undefined) return;
			this.change(writeValue(this.profile, field, pin));
			await this.test();
		});
	};

	/** Switches to the protocol that the peer speaks, and tests again. */
	private readonly switchTo = (protocol: string) => {
		const to = describe(protocol);
		if (!to) return;
		this.change(withProtocol(this.profile, this.description, to));
		this.readSecrets();
		void this.updateComplete.then(this.test);
	};

	private readonly copy = (text: string) => void this.attempt(() => this.remote.copy(text));

	/** Whether the profile can be saved. Shows its problems otherwise, and goes to the first. */
	private isComplete(): boolean {
		this.tried = true;
		const wrong = profileProblem(this.description, this.profile);
		if (!wrong) {
			const check = firstCheckProblem(this.description, this.profile);
			if (check) this.checks?.focusCheck(check);
			return check === undefined;
		}
		const { key } = wrong;
		if (key === 'url' || key === 'name') this.general?.focusItem(key);
		else this.renderRoot.querySelector(`mw-field[data-key="${key}"]`)?.scrollIntoView({ block: 'center' });
		return false;
	}

	private save(andConnect: boolean) {
		if (!this.isComplete()) return;
		void this.attempt(async () => {
			await this.handOver();
			await this.remote.save(this.profile, this.scope, andConnect);
		});
	}

	private groups() {
		const { description, profile, secrets, open } = this;
		return profileGroups({
			...{ description, profile, secrets, open, submitted: this.tried, onChange: this.change },
			onOpen: (open) => {
				this.open = open;
			},
			onSecret: () => this.edited(),
			onBrowse: (field) => void this.browse(field),
		});
	}

	private footer() {
		const { description, profile } = this;
		const wrong = this.tried
			? (profileProblem(description, profile) ?? firstCheckProblem(description, profile))
			: undefined;
		const button = (label: string, run: () => void, disabled = false) =>
			html`<vscode-button appearance="secondary" ?disabled=${disabled} @click=${run}>${label}</vscode-button>`;
		const cancel = () => void this.attempt(() => this.remote.cancel(this.isChanged));
		return html`<footer>${this.failure ? this.failureNote(this.failure) : nothing}
			<mw-test-report .report=${this.report} .onCancel=${() => this.cancelTest()}
				.onTrust=${this.pinField ? this.trust : undefined} .onCopy=${this.copy} .onSwitch=${this.switchTo}></mw-test-report>
			${wrong ? html`<div class="bad" role="alert">${icon('error')} ${wrong.text}</div>` : nothing}
			<div class="row buttons"><vscode-button @click=${() => this.save(true)}>Save and connect</vscode-button>
			${button('Save', () => this.save(false))}
			${button('Test connection', () => void this.test(), this.report === 'running')}
			<span class="grow"></span>${button('Cancel', cancel)}</div></footer>`;
	}

	/** Fills the form, and moves to the part of the URL that the user replaces. What was typed before is replaced as well. */
	private presets(info: FormInit) {
		const choose = (description: ProtocolDescription, preset: Preset) => {
			const name = uniqueName(preset.label, new Set(info.names));
			this.change({ ...startOf(description, preset), name });
			this.readSecrets();
			this.preset = this.profile;
			void this.updateComplete.then(() => this.general?.startUrl());
		};
		const startEmpty = async (url: string) => {
			// What a preset has filled in goes with it; what the user has written stays.
			if (this.preset && this.preset === this.profile) {
				this.change({ ...info.profile, protocol: this.profile.protocol });
				this.readSecrets();
				this.general?.clearName();
			}
			this.preset = undefined;
			await this.updateComplete;
			if (url === '') this.general?.focusItem('url');
			else this.general?.takeUrl(url);
		};
		return html`<mw-presets .descriptions=${descriptions} .protocol=${this.profile.protocol} .onChoose=${choose}
			.onEmpty=${startEmpty}></mw-presets>`;
	}

	private failureNote(failure: Failure) {
		return html`<mw-failure-note .failure=${failure} .onDismiss=${() => {
			this.failure = undefined;
		}}></mw-failure-note>`;
	}

	override render() {
		const { info, description, profile } = this;
		if (!info) return this.failure ? html`<mw-failure-note .failure=${this.failure}></mw-failure-note>` : nothing;
		const scope = (to: 'workspace' | 'user') => {
			this.scope = to;
			this.edited();
		};
		return html`<main><h1>${info.isNew ? 'New connection' : 'Edit connection'}</h1>
			${info.isNew && !info.isDraft ? this.presets(info) : nothing}
			<mw-general .info=${info} .profile=${profile} .description=${description} .scope=${this.scope} .tried=${this.tried}
				.onProfile=${this.change} .onScope=${scope} .onAddress=${this.readSecrets} .onPassword=${this.takePassword}></mw-general>
			${this.groups()}
			<mw-message-checks .description=${description} .profile=${profile} .tried=${this.tried}
				.onProfile=${this.change}></mw-message-checks></main>${this.footer()}`;
	}
}
