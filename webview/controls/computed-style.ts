import { noChange } from 'lit';
import { Directive, directive, type ElementPart, PartType } from 'lit/directive.js';

/**
 * Styles that are computed. They are set through the object model because the page's security policy has no inline
 * styles, and Lit's own `styleMap` writes a style attribute the first time.
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
