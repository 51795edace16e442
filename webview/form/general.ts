import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FormInit } from '../../src/model/contracts/panel-api';
import { uniqueName } from '../../src/model/contracts/settings';
import { withProtocol, writePath } from '../../src/model/profile/edit';
import type { ProtocolDescription } from '../../src/protocols/description';
import { descriptions } from '../../src/protocols/descriptions';
import { productionBadge, productionStyles } from '../base/production-badge';
import { controls, shared } from '../base/styles';
import {
	assumedScheme,
	completeUrl,
	convertedUrl,
	protocolOf,
	protocolsOf,
	suggestedName,
	withScheme,
} from './address';
import './color-picker';
import { allFields, type Input, missingName, placeholderIn, takeCredentials, urlProblem, writeValue } from './profile';
import { itemStyles } from './styles';

/** The first fields of the form, in the order in which they are known: protocol, address, and then a name made of them. */
@customElement('mw-general')
export class General extends LitElement {
	static override styles = [
		shared,
		controls,
		productionStyles,
		itemStyles,
		css`
			.meant { display: flex; flex-wrap: wrap; gap: 2px 14px; margin-top: 6px; }
			.meant label { display: inline-flex; align-items: center; gap: 4px; margin: 0; cursor: pointer; }
			.meant input { margin: 0; accent-color: var(--vscode-focusBorder); }
		`,
	];
	@property({ attribute: false }) info!: FormInit;
	@property({ attribute: false }) profile!: Input;
	@property({ attribute: false }) description!: ProtocolDescription;
	@property() scope: 'workspace' | 'user' = 'user';
	/** The user has tried to save or to test. */
	@property({ type: Boolean }) tried = false;
	onProfile: (profile: Input) => void = () => {};
	onScope: (scope: 'workspace' | 'user') => void = () => {};
	/** The URL is complete: stored secrets may belong to it. */
	onAddress: () => void = () => {};
	/** Takes a password that was written into the URL. False if the protocol has no field for it. */
	onPassword: (password: string) => boolean = () => false;
	@state() private hint = '';
	/** The text of the URL while it is typed; undefined: that of the profile. */
	@state() private typed: string | undefined;
	/** The URL as it was typed last, before its scheme was replaced. */
	@state() private written = '';
	/** The protocol that it was taken for. */
	private writtenFor: ProtocolDescription | undefined;
	@state() private wasLeft = false;
	/** The name that a preset has filled in. */
	private filled: unknown;
	/** The name was written by the user, so it does not follow the URL. */
	private named = false;

	focusItem(id: 'name' | 'url'): void {
		this.renderRoot.querySelector<HTMLElement>(`#${id}`)?.focus();
	}

	/** After a preset was filled in: moves into the URL and selects the first part that is to be replaced. */
	async startUrl(): Promise<void> {
		this.named = true;
		this.filled = this.profile.name;
		this.hint = '';
		this.typed = undefined;
		this.written = '';
		await this.updateComplete;
		const input = this.renderRoot.querySelector<HTMLInputElement>('#url');
		input?.focus();
		const part = placeholderIn(String(this.profile.url ?? ''));
		if (part) input?.setSelectionRange(part.start, part.end);
	}

	/** The name follows the URL again. */
	clearName(): void {
		this.named = false;
	}

	protected override firstUpdated() {
		this.named = String(this.profile.name ?? '') !== '';
	}

	private set(name: string, value: unknown) {
		this.onProfile(writePath(this.profile, [name], value));
	}

	/** Fills in a URL as if it was typed. */
	takeUrl(text: string): void {
		const input = this.renderRoot.querySelector<HTMLInputElement>('#url');
		if (!input) return;
		input.value = text;
		input.dispatchEvent(new Event('input'));
		input.focus();
	}

	/** A new connection takes its name from the address until the user writes one. */
	private withName(profile: Input, description: ProtocolDescription, url: string): Input {
		const wanted = this.named ? undefined : suggestedName(description, url);
		return wanted === undefined ? profile : { ...profile, name: uniqueName(wanted, new Set(this.info.names)) };
	}

	private readonly onUrl = (event: Event) => {
		const input = event.target as HTMLInputElement;
		const text = input.value.trim();
		const hints: string[] = [];
		this.written = text;
		let { profile, description } = this;
		const other = this.info.isNew ? protocolOf(descriptions, description, text) : undefined;
		if (other) {
			profile = withProtocol(profile, description, other);
			description = other;
			// The name of a server of the other protocol.
			if (profile.name === this.filled) this.named = false;
			hints.push(`The protocol was set to ${other.label}.`);
		}
		this.writtenFor = description;
		const converted = convertedUrl(description, text);
		if (converted) hints.push(`${converted.from}:// was replaced by ${converted.to}://.`);
		const { url, user, password } = takeCredentials(completeUrl(description, converted?.url ?? text));
		const userField = allFields(description).find((field) => field.type === 'text' && /^user(name)?$/i.test(field.key));
		if (user !== undefined && userField) {
			profile = writeValue(profile, userField, user);
			hints.push(`The user name was moved to “${userField.label}”.`);
		}
		if (password !== undefined) hints.push(this.passwordHint(password));
		const isRewritten = converted !== undefined || user !== undefined || password !== undefined;
		this.typed = isRewritten ? url : text;
		if (isRewritten) input.value = url;
		this.hint = hints.join(' ');
		this.onProfile(this.withName({ ...profile, url }, description, url));
	};

	private passwordHint(password: string): string {
		const because = 'because URLs are saved in the settings';
		return this.onPassword(password)
			? `The password was moved from the URL to its own field, ${because}.`
			: `The password was removed from the URL, ${because}.`;
	}

	private readonly onUrlDone = () => {
		this.typed = undefined;
		this.wasLeft = String(this.profile.url ?? '') !== '';
		this.onAddress();
	};

	/** The protocols that a URL of a new connection may be meant for, where its scheme does not tell. */
	private protocolChoice() {
		const { description, profile, written } = this;
		const found = this.info.isNew ? protocolsOf(descriptions, written) : [];
		const choices = new Set(found.length > 0 && this.writtenFor ? [this.writtenFor, ...found] : []);
		if (choices.size < 2) return nothing;
		const choose = (to: ProtocolDescription) => {
			const next = withProtocol(profile, description, to);
			const url = found.includes(to) ? withScheme(String(next.url), written) : String(next.url);
			this.hint = '';
			this.typed = undefined;
			this.onProfile(this.withName({ ...next, url }, to, url));
			this.onAddress();
		};
		const option = (one: ProtocolDescription) =>
			html`<label><input type="radio" name="meant" .checked=${one === description} @change=${() => choose(one)}>${one.label}</label>`;
		return html`<div class="meant" role="radiogroup" aria-label="Protocol of the URL"><span>Which protocol?</span>${[...choices].map(option)}</div>`;
	}

	private protocolItem() {
		const { description, profile } = this;
		const change = (event: Event) => {
			const to = descriptions[(event.target as HTMLSelectElement).selectedIndex];
			if (!to) return;
			const next = withProtocol(profile, description, to);
			this.onProfile(this.withName(next, to, String(next.url ?? '')));
			this.onAddress();
		};
		return html`<div class="item"><label for="protocol">Protocol</label><select id="protocol" @change=${change}
			>${descriptions.map((one) => html`<option .selected=${one === description}>${one.label}</option>`)}</select>
			<div class="help">${description.summary}</div></div>`;
	}

	private urlItem() {
		const { description, typed } = this;
		const url = String(this.profile.url ?? '');
		const { schemes, urlPlaceholder } = description;
		const wrong = this.tried || this.wasLeft ? urlProblem(description, url) : undefined;
		const assumed = typed === undefined ? undefined : assumedScheme(description, typed);
		const ports = schemes.map(({ scheme, defaultPort }) => `${scheme}:// (port ${defaultPort})`).join(', ');
		return html`<div class="item"><label for="url">URL</label><input class="text" id="url" spellcheck="false"
			autocomplete="off" placeholder=${urlPlaceholder} list="schemes" .value=${typed ?? url}
			aria-invalid=${wrong ? 'true' : nothing} aria-describedby="url-more" @input=${this.onUrl} @change=${this.onUrlDone}>
			<datalist id="schemes">${schemes.map(({ scheme }) => html`<option value=${`${scheme}://`}></option>`)}</datalist>
			<div id="url-more">
			${wrong ? html`<div class="bad" role="alert">${wrong}</div>` : nothing}
			${this.protocolChoice()}
			${assumed ? html`<div class="help" role="status">${assumed.scheme}:// is assumed.</div>` : nothing}
			${this.hint ? html`<div class="help" role="status">${this.hint}</div>` : nothing}
			<div class="help">A host with or without its port, or ${ports}. You can use \${env:NAME} and \${workspaceFolder} in any field.</div></div></div>`;
	}

	private nameItem() {
		const name = String(this.profile.name ?? '');
		const missing = this.tried && name.trim() === '';
		const change = (event: Event) => {
			const { value } = event.target as HTMLInputElement;
			this.named = value !== '';
			this.set('name', value);
		};
		return html`<div class="item"><label for="name">Name</label><input class="text" id="name" spellcheck="false"
			autocomplete="off" placeholder="Taken from the URL" .value=${name} aria-invalid=${missing ? 'true' : nothing}
			@focus=${(event: Event) => (event.target as HTMLInputElement).select()} @input=${change}>
			${missing ? html`<div class="bad" role="alert">${missingName}</div>` : nothing}</div>`;
	}

	private scopeItem() {
		const inWorkspace = this.scope === 'workspace';
		const change = (event: Event) =>
			this.onScope((event.target as HTMLSelectElement).value === 'workspace' ? 'workspace' : 'user');
		return html`<div class="item"><label for="scope">Save in</label><select id="scope" @change=${change}>
			${this.info.canWorkspace ? html`<option value="workspace" .selected=${inWorkspace}>Workspace settings</option>` : nothing}
			<option value="user" .selected=${!inWorkspace}>User settings</option></select></div>`;
	}

	private colorItem() {
		const { color } = this.profile;
		return html`<div class="item"><label>Color</label>
			<mw-color-picker .value=${typeof color === 'string' ? color : undefined}
				.onChange=${(value: string | undefined) => this.set('color', value)}></mw-color-picker></div>`;
	}

	private productionItem() {
		const marked = this.profile.production === true;
		const change = (event: Event) => this.set('production', (event.target as HTMLInputElement).checked || undefined);
		return html`<div class="item"><vscode-checkbox id="production" .checked=${marked} @change=${change}>Production</vscode-checkbox>
			${marked ? productionBadge() : nothing}
			<div class="help">Highlights this connection everywhere and asks before sending anything to it.</div></div>`;
	}

	override render() {
		return html`<fieldset><legend>Connection</legend>${this.protocolItem()}${this.urlItem()}${this.nameItem()}
			${this.scopeItem()}${this.colorItem()}${this.productionItem()}</fieldset>`;
	}
}
