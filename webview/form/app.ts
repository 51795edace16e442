import { html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../src/base/failure';
import { connect, type Remote } from '../../src/base/rpc';
import type { FormApi, FormInit } from '../../src/model/contracts/panel-api';
import type { TestReport } from '../../src/model/contracts/session';
import type { Field, FieldGroup, FieldValue } from '../../src/model/profile/field';
import type { ProtocolDescription } from '../../src/protocols/description';
import { describe, descriptions } from '../../src/protocols/descriptions';
import '../base/failure-note';
import '../fields/field';
import { port } from '../base/port';
import { productionBadge, productionStyles } from '../base/production-badge';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import { isShown } from '../fields/values';
import {
	allFields,
	factsOf,
	profileProblem,
	readValues,
	takeCredentials,
	urlProblem,
	writePath,
	writeValue,
} from './profile';
import './secret';
import { formStyles } from './styles';
import './test-report';

/** A profile, drawn from its protocol's description. Secrets never enter this page. */
@customElement('mw-form')
export class Form extends LitElement {
	static override styles = [shared, controls, productionStyles, formStyles];
	@state() private info: FormInit | undefined;
	@state() private profile: Record<string, unknown> = {};
	@state() private scope: 'workspace' | 'user' = 'user';
	@state() private secrets: string[] = [];
	@state() private hint = '';
	@state() private tried = false;
	@state() private failure: Failure | undefined;
	@state() private report: TestReport | 'running' | undefined;
	@state() private open = new Set<string>();
	private testing: symbol | undefined;
	private remote!: Remote<FormApi>;

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
		this.addEventListener(
			'mw-browse',
			(event) => void this.attempt(() => this.browse((event as CustomEvent<Field>).detail)),
		);
		this.addEventListener(
			'mw-set-secret',
			(event) => void this.secret('setSecret', (event as CustomEvent<string>).detail),
		);
		this.addEventListener(
			'mw-clear-secret',
			(event) => void this.secret('clearSecret', (event as CustomEvent<string>).detail),
		);
		this.addEventListener('mw-cancel-test', () => void this.cancelTest());
		this.addEventListener('mw-dismiss', () => {
			this.failure = undefined;
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

	private set(name: string, value: unknown) {
		this.profile = writePath(this.profile, [name], value);
	}

	private readonly onUrl = (event: Event) => {
		const input = event.target as HTMLInputElement;
		const { url, user, hadPassword } = takeCredentials(input.value.trim());
		this.set('url', url);
		if (user === undefined && !hadPassword) return;
		input.value = url;
		const fields = allFields(this.description);
		const userField = fields.find((field) => field.type === 'text' && /^user(name)?$/i.test(field.key));
		if (user !== undefined && userField) this.profile = writeValue(this.profile, userField, user);
		const moved = user !== undefined && userField ? `The user name was moved to "${userField.label}". ` : '';
		this.hint = `${moved}${hadPassword ? 'The password was taken out of the URL, because that is saved in the settings: set it below, where it is kept secret.' : ''}`;
	};

	/** Fields are checked against the origin whose secrets they may use: ask anew when the address has changed. */
	private readonly onUrlDone = () => {
		void this.attempt(async () => {
			this.secrets = await this.remote.secretsFor(this.profile);
		});
	};

	/** What fits the other protocol stays: fields by their keys, and the host. */
	private changeProtocol(to: ProtocolDescription) {
		const from = this.description;
		const url = String(this.profile.url ?? '');
		const rest = /:\/\/(.*)$/s.exec(url)?.[1];
		const tls = factsOf(from, url)['@tls'];
		const scheme = to.schemes.find((one) => one.tls === tls) ?? to.schemes[0];
		const known = new Set(allFields(to).map((field) => field.key));
		let profile = this.profile;
		for (const field of allFields(from))
			if (!known.has(field.key)) profile = writePath(profile, field.key.split('.'), undefined);
		if (rest !== undefined && urlProblem(to, url) && scheme)
			profile = { ...profile, url: `${scheme.scheme}://${rest}` };
		this.profile = { ...profile, protocol: to.id };
	}

	private async browse(field: Field) {
		const path = await this.remote.pickFile(field.label);
		if (path !== undefined) this.profile = writeValue(this.profile, field, path);
	}

	private secret(method: 'setSecret' | 'clearSecret', key: string) {
		return this.attempt(async () => {
			const stored = await this.remote[method](this.profile, key);
			this.secrets = [...this.secrets.filter((one) => one !== key), ...(stored ? [key] : [])];
		});
	}

	private async cancelTest() {
		this.testing = undefined;
		this.report = undefined;
		await this.attempt(() => this.remote.cancelTest());
	}

	private readonly test = async () => {
		if (this.check()) return;
		const turn = Symbol('test');
		this.testing = turn;
		this.report = 'running';
		await this.attempt(async () => {
			const report = await this.remote.test(this.profile);
			if (this.testing === turn) this.report = report;
		});
		if (this.testing === turn && this.report === 'running') this.report = undefined;
	};

	private check(): string | undefined {
		this.tried = true;
		return profileProblem(this.description, this.profile);
	}

	private save(andConnect: boolean) {
		if (this.check()) return;
		void this.attempt(() => this.remote.save(this.profile, this.scope, andConnect));
	}

	private group(group: FieldGroup) {
		const { description, profile } = this;
		const values = readValues(description, profile);
		const facts = factsOf(description, String(profile.url ?? ''));
		const all = allFields(description);
		if (!isShown(group, all, values, facts)) return nothing;
		const shown = group.fields.filter((field) => isShown(field, all, values, facts));
		const isSet = (field: Field) => values[field.key] !== undefined;
		const open = this.open.has(group.title);
		const folded = shown.filter((field) => field.advanced && !isSet(field));
		const drawn = shown.filter((field) => open || !field.advanced || isSet(field));
		const toggle = () => {
			const next = new Set(this.open);
			if (!next.delete(group.title)) next.add(group.title);
			this.open = next;
		};
		return html`<fieldset @mw-value=${({ detail }: CustomEvent<{ key: string; value: FieldValue | undefined }>) => {
			const field = group.fields.find((one) => one.key === detail.key);
			if (field) this.profile = writeValue(this.profile, field, detail.value);
		}}><legend>${group.title}</legend>${group.help ? html`<div class="help">${group.help}</div>` : nothing}
			${drawn.map(
				(field) =>
					html`<mw-field spacious data-key=${field.key} .field=${field} .value=${values[field.key]}>${field.type === 'secret' ? html`<mw-secret .field=${field} .stored=${this.secrets.includes(field.key)}></mw-secret>` : nothing}</mw-field>`,
			)}
			${folded.length > 0 || open ? html`<button class="tool" aria-expanded=${open} @click=${toggle}>${icon(open ? 'chevron-down' : 'chevron-right')} ${open ? 'Fewer options' : 'More options'}</button>` : nothing}</fieldset>`;
	}

	private basics() {
		const { description, profile, info } = this;
		const url = String(profile.url ?? '');
		const wrong = this.tried || url !== '' ? urlProblem(description, url) : undefined;
		const marked = profile.production === true;
		const unnamed = this.tried && String(profile.name ?? '').trim() === '';
		return html`<fieldset><legend>Connection</legend>
			<div class="item"><label for="name">Name</label><input class="text" id="name" .value=${String(profile.name ?? '')} aria-invalid=${unnamed ? 'true' : nothing}
				@input=${(event: Event) => this.set('name', (event.target as HTMLInputElement).value)}>
				${unnamed ? html`<div class="bad" role="alert">The connection needs a name.</div>` : nothing}</div>
			<div class="item"><label for="protocol">Protocol</label><select id="protocol" @change=${(event: Event) => {
				const to = descriptions[(event.target as HTMLSelectElement).selectedIndex];
				if (to) this.changeProtocol(to);
			}}>${descriptions.map((one) => html`<option .selected=${one === description}>${one.label}</option>`)}</select><div class="help">${description.summary}</div></div>
			<div class="item"><label for="url">URL</label><input class="text" id="url" spellcheck="false" autocomplete="off" placeholder=${description.urlPlaceholder} list="schemes" .value=${url} aria-invalid=${wrong ? 'true' : nothing}
				@input=${this.onUrl} @change=${this.onUrlDone}><datalist id="schemes">${description.schemes.map(({ scheme }) => html`<option value=${`${scheme}://`}></option>`)}</datalist>
				${wrong ? html`<div class="bad" role="alert">${wrong}</div>` : nothing}${this.hint ? html`<div class="warn" role="status">${this.hint}</div>` : nothing}
				<div class="help">${description.schemes.map(({ scheme, defaultPort }) => `${scheme}:// (port ${defaultPort})`).join(', ')}. \${env:NAME} and \${workspaceFolder} work in every text.</div></div>
			<div class="item"><label for="scope">Save in</label><select id="scope" @change=${(event: Event) => {
				this.scope = (event.target as HTMLSelectElement).value === 'workspace' ? 'workspace' : 'user';
			}}>${info?.canWorkspace ? html`<option value="workspace" .selected=${this.scope === 'workspace'}>this workspace’s settings</option>` : nothing}<option value="user" .selected=${this.scope === 'user'}>the user’s settings</option></select></div>
			<div class="item"><vscode-checkbox id="production" .checked=${marked} @change=${(event: Event) => this.set('production', (event.target as HTMLInputElement).checked || undefined)}>Production</vscode-checkbox>
				${marked ? productionBadge() : nothing}<div class="help">For a server that must not be sent to by mistake: it is colored wherever it is shown, and sending to it asks first.</div></div>
		</fieldset>`;
	}

	override render() {
		const { info, description } = this;
		if (!info) return this.failure ? html`<mw-failure-note .failure=${this.failure}></mw-failure-note>` : nothing;
		const wrong = this.tried ? profileProblem(description, this.profile) : undefined;
		return html`<main><h1>${info.isNew ? 'New connection' : 'Edit the connection'}</h1>${this.basics()}${description.profile.map((group) => this.group(group))}</main>
			<footer>${this.failure ? html`<mw-failure-note dismissable .failure=${this.failure}></mw-failure-note>` : nothing}
			<mw-test-report .report=${this.report}></mw-test-report>
			${wrong ? html`<div class="bad" role="alert">${icon('error')} ${wrong}</div>` : nothing}
			<div class="row buttons"><vscode-button @click=${() => this.save(true)}>Save and connect</vscode-button><vscode-button appearance="secondary" @click=${() => this.save(false)}>Save</vscode-button>
				<vscode-button appearance="secondary" ?disabled=${this.report === 'running'} @click=${this.test}>Test connection</vscode-button>
				<span class="grow"></span><vscode-button appearance="secondary" @click=${() => void this.attempt(() => this.remote.cancel())}>Cancel</vscode-button></div></footer>`;
	}
}
