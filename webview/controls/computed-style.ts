import { noChange } from 'lit';
import { Directive, directive, type ElementPart, PartType } from 'lit/directive.js';

/**
 * Sets computed styles through the object model: the page's security policy allows no inline styles, and Lit's own
 * `styleMap` writes a style attribute on the first render.
 */
class Place extends Directive {
	constructor(info: ConstructorParameters<typeof Directive>[0]) {
		super(info);
		if (info.type !== PartType.ELEMENT) throw new Error('place() belongs on an element');
	}

	override update(part: ElementPart, [styles]: [Record<string, string>]) {
		const style = (part.element as HTMLElement).style;
		for (const [name, value] of Object.entries(styles)) {
			if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
		}
		return noChange;
	}

	render(_styles: Record<string, string>) {
		return noChange;
	}
}

export const place = directive(Place);
