import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { daysLeft, securityWords, soon, validity, weaknesses } from '../../../src/model/contracts/security';
import type { Property, Security } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { popUp, popupStyles } from '../../controls/popup';

/** The lock: what it stands for unfolds on a click. An unchecked certificate is a warning that does not go away. */
@customElement('mw-security')
export class SecurityBadge extends LitElement {
	static override styles = [
		shared,
		controls,
		popupStyles,
		css`
			:host { display: inline-block; position: relative; }
			.sheet { width: max-content; max-width: min(480px, 80vw); max-height: 60vh; overflow: auto; padding: 8px 12px;
				color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground)); background: var(--vscode-editorHoverWidget-background, var(--vscode-editor-background));
			}
			dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 12px; margin: 0; }
			dt { color: var(--dim); }
			dd { margin: 0; overflow-wrap: anywhere; }
			.mono { font-size: 0.9em; }
		`,
	];
	@property({ attribute: false }) security!: Security;
	@property({ attribute: false }) facts: Property[] = [];
	@state() private open = false;

	private line(label: string, value: string | undefined, style = '') {
		return value ? html`<dt>${label}</dt><dd class=${style}>${visible(value)}</dd>` : nothing;
	}

	protected override updated() {
		popUp(
			this.renderRoot.querySelector<HTMLElement>('.sheet'),
			this.renderRoot.querySelector('button'),
			this.open,
			'below',
		);
	}

	/** How the peer lets users in, the one that was used told apart. */
	private mechanisms() {
		const { mechanisms } = this.security;
		if (!mechanisms) return nothing;
		const { offered, used } = mechanisms;
		return html`<dt>Mechanism</dt><dd>${visible(used)}</dd>${offered.length > 0 ? html`<dt>Offered</dt><dd>${offered.map((one, at) => html`${at > 0 ? ', ' : nothing}${one === used ? html`<b>${visible(one)}</b>` : visible(one)}`)}</dd>` : nothing}`;
	}

	/** The peer's certificate first; of the others what tells them and when they end. */
	private chain(now: number) {
		return this.security.chain?.map((one, at) => {
			const days = daysLeft(one, now);
			const until = html`<dd class=${days < soon ? 'warn' : ''}>${validity(one, now)}</dd>`;
			return at === 0
				? html`${this.line('Issued to', one.subject)}${this.line('Issued by', one.issuer)}<dt>Valid until</dt>${until}${this.line('Fingerprint', one.fingerprint, 'mono')}`
				: html`<dt>${at === 1 ? 'Signed by' : 'and by'}</dt><dd>${visible(one.subject)}</dd><dt></dt>${until}`;
		});
	}

	private sheet() {
		const { version, cipher, authentication, encrypted, verified, chain } = this.security;
		return html`<dl>
			${this.line('Encryption', encrypted ? [version, cipher].filter(Boolean).join(', ') || 'yes' : 'none: everyone on the way can read and change everything', encrypted ? '' : 'warn')}
			${encrypted && (chain || !verified) ? this.line('Certificate', verified ? 'checked' : 'not checked: anyone may be at the other end', verified ? '' : 'warn') : nothing}
			${this.chain(Date.now())}
			${this.line('Authentication', authentication)}${this.mechanisms()}
			${this.facts.map((fact) => this.line(fact.label, fact.value))}
		</dl>`;
	}

	override render() {
		const { encrypted, version } = this.security;
		const now = Date.now();
		const [worst] = weaknesses(this.security, now);
		const [name, style, words] =
			worst === undefined
				? (['lock', '', version ?? 'Encrypted'] as const)
				: ([encrypted ? 'warning' : 'unlock', 'warn', worst] as const);
		const toggle = () => {
			this.open = !this.open;
		};
		return html`<button class=${`tool ${style}`} aria-expanded=${this.open} title=${securityWords(this.security, now)} aria-label=${`${words}: how this connection is secured`} @click=${toggle}
				@keydown=${(event: KeyboardEvent) => {
					if (event.key === 'Escape') this.open = false;
				}} @blur=${() => {
					this.open = false;
				}}>${icon(name)} ${words}</button><div class="sheet" popover="manual">${this.open ? this.sheet() : nothing}</div>`;
	}
}
