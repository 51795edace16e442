import './base/page';
import './controls/toolkit';
import './form/app';
