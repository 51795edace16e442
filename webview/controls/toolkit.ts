// The one place that knows the editor's control library: it registers exactly what the pages use.
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
