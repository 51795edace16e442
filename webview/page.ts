import { pageStyles } from './styles';

// Adopted, not linked or inline: the page's security policy needs no source of styles.
if (pageStyles.styleSheet) document.adoptedStyleSheets.push(pageStyles.styleSheet);
