import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../src/base/failure';
import { connect, type Remote } from '../../src/base/rpc';
import type { FormApi, FormInit } from '../../src/model/contracts/panel-api';
import type { TestReport } from '../../src/model/contracts/session';
import type { Field, FieldGroup, Values } from '../../src/model/profile/field';
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
	missingName,
	profileProblem,
	readValues,
	takeCredentials,
	urlProblem,
	writePath,
	writeValue,
} from './profile';
import './secret';
import './test-report';

const styles = css`
	:host { display: flex; flex-direction: column; height: 100vh; }
	main { flex: 1 1 0; overflow: auto; padding: 12px 20px 20px; }
	main > * { max-width: 640px; }
	h1 { margin: 4px 0 12px; font-size: 1.5em; font-weight: 600; }
	fieldset { display: flex; flex-direction: column; gap: 12px; margin: 0 0 18px; padding: 0; border: 0; min-width: 0; }
	legend { padding: 0 0 8px; font-size: 1.15em; font-weight: 600; color: var(--vscode-settings-headerForeground, inherit); }
	label { display: block; margin-bottom: 3px; }
	.item input, .item select { width: 100%; }
	.item .bad, .item .warn, .help { margin-top: 3px; font-size: 0.92em; line-height: 1.4; }
	.help { color: var(--dim); }
	fieldset > .help { margin: -8px 0 0; }
	fieldset > button.tool { align-self: flex-start; }
	footer { display: flex; flex-direction: column; gap: 8px; flex: none; max-height: 50vh; overflow: auto;
		padding: 10px 20px; border-top: 1px solid var(--line); }
	footer > * { max-width: 640px; }
	.buttons { flex-wrap: wrap; }
`;

const passwordRemoved =
	'The password was removed from the URL, because URLs are saved in the settings. Set it below, where it is kept secret.';

/** The form of a profile, drawn from the description of its protocol. Secrets never enter this page. */
@customElement('mw-form')
export class Form extends LitElement {
	static override styles = [shared, controls, productionStyles, styles];
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

	private get url(): string {
		return String(this.profile.url ?? '');
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
		this.hint = `${moved}${hadPassword ? passwordRemoved : ''}`;
	};

	/** Secrets belong to an origin, so another address has other stored secrets. */
	private readonly onUrlDone = () => {
		void this.attempt(async () => {
			this.secrets = await this.remote.secretsFor(this.profile);
		});
	};

	/** Keeps what the new protocol can use: the host, and fields with the same key. */
	private changeProtocol(to: ProtocolDescription) {
		const from = this.description;
		const { url } = this;
		const rest = /:\/\/(.*)$/s.exec(url)?.[1];
		const tls = factsOf(from, url)['@tls'];
		const scheme = to.schemes.find((one) => one.tls === tls) ?? to.schemes[0];
		const keys = new Set(allFields(to).map((field) => field.key));
		let profile = this.profile;
		for (const field of allFields(from))
			if (!keys.has(field.key)) profile = writePath(profile, field.key.split('.'), undefined);
		if (rest !== undefined && urlProblem(to, url) && scheme)
			profile = { ...profile, url: `${scheme.scheme}://${rest}` };
		this.profile = { ...profile, protocol: to.id };
	}

	private browse(field: Field) {
		return this.attempt(async () => {
			const path = await this.remote.pickFile(field.label);
			if (path !== undefined) this.profile = writeValue(this.profile, field, path);
		});
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

	private field(field: Field, values: Values) {
		const { key } = field;
		const secret = () =>
			html`<mw-secret .field=${field} .stored=${this.secrets.includes(key)}
				.onSet=${() => this.secret('setSecret', key)} .onClear=${() => this.secret('clearSecret', key)}></mw-secret>`;
		return html`<mw-field spacious data-key=${key} .submitted=${this.tried} .field=${field} .value=${values[key]}
			.onChange=${(_key: string, value: Values[string]) => {
				this.profile = writeValue(this.profile, field, value);
			}}
			.onBrowse=${() => this.browse(field)}>${field.type === 'secret' ? secret() : nothing}</mw-field>`;
	}

	private group(group: FieldGroup) {
		const { description, profile } = this;
		const values = readValues(description, profile);
		const facts = factsOf(description, this.url);
		const all = allFields(description);
		if (!isShown(group, all, values, facts)) return nothing;
		const shown = group.fields.filter((field) => isShown(field, all, values, facts));
		const open = this.open.has(group.title);
		const isFolded = (field: Field) => field.advanced === true && values[field.key] === undefined;
		return html`<fieldset><legend>${group.title}</legend>
			${group.help ? html`<div class="help">${group.help}</div>` : nothing}
			${shown.filter((field) => open || !isFolded(field)).map((field) => this.field(field, values))}
			${open || shown.some(isFolded) ? this.moreButton(group.title, open) : nothing}</fieldset>`;
	}

	private moreButton(title: string, open: boolean) {
		const toggle = () => {
			const next = new Set(this.open);
			if (!next.delete(title)) next.add(title);
			this.open = next;
		};
		return html`<button class="tool" aria-expanded=${open} @click=${toggle}>
			${icon(open ? 'chevron-down' : 'chevron-right')} ${open ? 'Fewer options' : 'More options'}</button>`;
	}

	private nameItem() {
		const name = String(this.profile.name ?? '');
		const missing = this.tried && name.trim() === '';
		return html`<div class="item"><label for="name">Name</label><input class="text" id="name" .value=${name}
			aria-invalid=${missing ? 'true' : nothing}
			@input=${(event: Event) => this.set('name', (event.target as HTMLInputElement).value)}>
			${missing ? html`<div class="bad" role="alert">${missingName}</div>` : nothing}</div>`;
	}

	private protocolItem() {
		const { description } = this;
		const change = (event: Event) => {
			const to = descriptions[(event.target as HTMLSelectElement).selectedIndex];
			if (to) this.changeProtocol(to);
		};
		return html`<div class="item"><label for="protocol">Protocol</label><select id="protocol" @change=${change}
			>${descriptions.map((one) => html`<option .selected=${one === description}>${one.label}</option>`)}</select>
			<div class="help">${description.summary}</div></div>`;
	}

	private urlItem() {
		const { description, url } = this;
		const { schemes, urlPlaceholder } = description;
		const wrong = this.tried || url !== '' ? urlProblem(description, url) : undefined;
		const ports = schemes.map(({ scheme, defaultPort }) => `${scheme}:// (port ${defaultPort})`).join(', ');
		return html`<div class="item"><label for="url">URL</label><input class="text" id="url" spellcheck="false"
			autocomplete="off" placeholder=${urlPlaceholder} list="schemes" .value=${url} aria-invalid=${wrong ? 'true' : nothing}
			@input=${this.onUrl} @change=${this.onUrlDone}>
			<datalist id="schemes">${schemes.map(({ scheme }) => html`<option value=${`${scheme}://`}></option>`)}</datalist>
			${wrong ? html`<div class="bad" role="alert">${wrong}</div>` : nothing}
			${this.hint ? html`<div class="warn" role="status">${this.hint}</div>` : nothing}
			<div class="help">${ports}. You can use \${env:NAME} and \${workspaceFolder} in any field.</div></div>`;
	}

	private scopeItem() {
		const inWorkspace = this.scope === 'workspace';
		const change = (event: Event) => {
			this.scope = (event.target as HTMLSelectElement).value === 'workspace' ? 'workspace' : 'user';
		};
		return html`<div class="item"><label for="scope">Save in</label><select id="scope" @change=${change}>
			${this.info?.canWorkspace ? html`<option value="workspace" .selected=${inWorkspace}>Workspace settings</option>` : nothing}
			<option value="user" .selected=${!inWorkspace}>User settings</option></select></div>`;
	}

	private productionItem() {
		const marked = this.profile.production === true;
		const change = (event: Event) => this.set('production', (event.target as HTMLInputElement).checked || undefined);
		return html`<div class="item"><vscode-checkbox id="production" .checked=${marked} @change=${change}>Production</vscode-checkbox>
			${marked ? productionBadge() : nothing}
			<div class="help">Highlights this connection everywhere and asks before sending anything to it.</div></div>`;
	}

	private footer() {
		const wrong = this.tried ? profileProblem(this.description, this.profile) : undefined;
		const button = (label: string, run: () => void, disabled = false) =>
			html`<vscode-button appearance="secondary" ?disabled=${disabled} @click=${run}>${label}</vscode-button>`;
		return html`<footer>${this.failure ? this.failureNote(this.failure) : nothing}
			<mw-test-report .report=${this.report} .onCancel=${() => this.cancelTest()}></mw-test-report>
			${wrong ? html`<div class="bad" role="alert">${icon('error')} ${wrong}</div>` : nothing}
			<div class="row buttons"><vscode-button @click=${() => this.save(true)}>Save and connect</vscode-button>
			${button('Save', () => this.save(false))}
			${button('Test connection', () => void this.test(), this.report === 'running')}
			<span class="grow"></span>${button('Cancel', () => void this.attempt(() => this.remote.cancel()))}</div></footer>`;
	}

	private failureNote(failure: Failure) {
		return html`<mw-failure-note .failure=${failure} .onDismiss=${() => {
			this.failure = undefined;
		}}></mw-failure-note>`;
	}

	override render() {
		const { info, description } = this;
		if (!info) return this.failure ? html`<mw-failure-note .failure=${this.failure}></mw-failure-note>` : nothing;
		return html`<main><h1>${info.isNew ? 'New connection' : 'Edit connection'}</h1>
			<fieldset><legend>Connection</legend>
				${this.nameItem()}${this.protocolItem()}${this.urlItem()}${this.scopeItem()}${this.productionItem()}
			</fieldset>
			${description.profile.map((group) => this.group(group))}</main>${this.footer()}`;
	}
}
