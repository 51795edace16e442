// The only file that imports the UI toolkit: it registers the six components that the pages use.
import {
	provideVSCodeDesignSystem,
	vsCodeBadge,
	vsCodeButton,
	vsCodeCheckbox,
	vsCodeProgressRing,
	vsCodeTextArea,
	vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(
	vsCodeBadge(),
	vsCodeButton(),
	vsCodeCheckbox(),
	vsCodeProgressRing(),
	vsCodeTextArea(),
	vsCodeTextField(),
);
