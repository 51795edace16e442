import './page';
import './toolkit';
import './form/app';
