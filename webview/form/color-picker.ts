import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { colorNames, themeColor } from '../base/colors';
import { shared } from '../base/styles';
import { place } from '../controls/computed-style';

/** A choice of the theme's colors, of none, and of another one that stands in the settings. */
@customElement('mw-color-picker')
export class ColorPicker extends LitElement {
	static override styles = [
		shared,
		css`
			:host { display: block; }
			[role='radiogroup'] { display: flex; flex-wrap: wrap; gap: 6px; }
			label { display: inline-flex; position: relative; width: 24px; height: 24px; border-radius: 4px; cursor: pointer; }
			input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
			span { flex: 1 1 0; margin: 4px; border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 50%; }
			.none { border: 1px dashed var(--vscode-descriptionForeground); }
			label:has(:checked) { outline: 2px solid var(--vscode-focusBorder); outline-offset: -1px; }
			label:has(:focus-visible) { background: var(--vscode-toolbar-hoverBackground); }
		`,
	];
	@property() value: string | undefined;
	onChange: (color: string | undefined) => void = () => {};

	private option(color: string | undefined, name: string) {
		return html`<label title=${name}><input type="radio" name="color" aria-label=${name} .checked=${color === this.value}
			@change=${() => this.onChange(color)}>${
				color === undefined
					? html`<span class="none"></span>`
					: html`<span ${place({ background: themeColor(color) })}></span>`
			}</label>`;
	}

	override render() {
		const { value } = this;
		const isListed = value === undefined || (colorNames as readonly string[]).includes(value);
		const title = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
		return html`<div role="radiogroup" aria-label="Color">${this.option(undefined, 'No color')}
			${colorNames.map((name) => this.option(name, title(name)))}
			${isListed ? '' : this.option(value, `From the settings: ${value}`)}</div>`;
	}
}
