import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { daysLeft, localWords, securityWords, soon, validity, weaknesses } from '../../../src/model/contracts/security';
import type { Property, Security } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { popUp, popupStyles } from '../../controls/popup';

const unencrypted = 'None – anyone on the network path can read and alter traffic';
const unencryptedLocal = 'None – the traffic does not leave this machine';

/** How the connection is secured, with details in a popup. A weakness, such as an unchecked certificate, is always in sight. */
@customElement('mw-security')
export class SecurityBadge extends LitElement {
	static override styles = [
		shared,
		controls,
		popupStyles,
		css`
			:host { display: inline-block; position: relative; }
			.sheet { width: max-content; max-width: min(480px, 80vw); max-height: 60vh; overflow: auto; padding: 8px 12px;
				color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
				background: var(--vscode-editorHoverWidget-background, var(--vscode-editor-background)); }
			dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 12px; margin: 0; }
			dt { color: var(--dim); }
			dd { margin: 0; overflow-wrap: anywhere; }
			.mono { font-size: 0.9em; }
		`,
	];
	@property({ attribute: false }) security!: Security;
	@property({ attribute: false }) facts: Property[] = [];
	/** The connection does not leave this machine. */
	@property({ type: Boolean }) local = false;
	@state() private open = false;

	private line(label: string, value: string | undefined, style = '') {
		return value ? html`<dt>${label}</dt><dd class=${style}>${visible(value)}</dd>` : nothing;
	}

	protected override updated() {
		const sheet = this.renderRoot.querySelector<HTMLElement>('.sheet');
		popUp(sheet, this.renderRoot.querySelector('button'), this.open, 'below');
	}

	/** The mechanism of the login and those that the peer offered, with the used one in bold. */
	private mechanisms() {
		const { mechanisms } = this.security;
		if (!mechanisms) return nothing;
		const { offered, used } = mechanisms;
		const names = offered.map((one, at) => {
			const name = visible(one);
			return html`${at > 0 ? ', ' : nothing}${one === used ? html`<b>${name}</b>` : name}`;
		});
		return html`<dt>Mechanism</dt><dd>${visible(used)}</dd>
			${offered.length > 0 ? html`<dt>Offered</dt><dd>${names}</dd>` : nothing}`;
	}

	/** The peer's certificate in full; subject and validity of the certificates above it. */
	private chain(now: number) {
		return this.security.chain?.map((one, at) => {
			const until = html`<dd class=${daysLeft(one, now) < soon ? 'warn' : ''}>${validity(one, now)}</dd>`;
			if (at > 0)
				return html`<dt>${at === 1 ? 'Signed by' : 'and by'}</dt><dd>${visible(one.subject)}</dd><dt></dt>${until}`;
			return html`${this.line('Issued to', one.subject)}${this.line('Issued by', one.issuer)}
				<dt>Valid until</dt>${until}${this.line('Fingerprint', one.fingerprint, 'mono')}`;
		});
	}

	private encryption() {
		const { version, cipher, encrypted, verified, pinned, chain } = this.security;
		if (!encrypted)
			return this.local ? this.line('Encryption', unencryptedLocal) : this.line('Encryption', unencrypted, 'warn');
		const certificate = pinned
			? 'pinned: the one that is trusted for this connection'
			: verified
				? 'checked'
				: 'not checked: the server may be an impostor';
		return html`${this.line('Encryption', [version, cipher].filter(Boolean).join(', ') || 'yes')}
			${chain || !verified ? this.line('Certificate', certificate, verified ? '' : 'warn') : nothing}`;
	}

	private details() {
		return html`<dl>${this.encryption()}
			${this.chain(Date.now())}
			${this.line('Authentication', this.security.authentication)}${this.mechanisms()}
			${this.facts.map((fact) => this.line(fact.label, fact.value))}
		</dl>`;
	}

	override render() {
		const { encrypted, version } = this.security;
		const now = Date.now();
		const [weakness] = weaknesses(this.security, now, this.local);
		const image = !encrypted ? 'unlock' : weakness === undefined ? 'lock' : 'warning';
		const text = weakness ?? (encrypted ? (version ?? 'Encrypted') : localWords);
		const style = weakness !== undefined ? 'tool warn' : encrypted ? 'tool' : 'tool dim';
		const show = (open: boolean) => {
			this.open = open;
		};
		return html`<button class=${style} aria-expanded=${this.open}
			title=${securityWords(this.security, now, this.local)} aria-label=${`${text}: security of the connection`}
			@click=${() => show(!this.open)} @blur=${() => show(false)}
			@keydown=${(event: KeyboardEvent) => event.key === 'Escape' && show(false)}>${icon(image)} ${text}</button>
			<div class="sheet" popover="manual">${this.open ? this.details() : nothing}</div>`;
	}
}
