/** All style sheets in their order: the library's base first, as whatever comes later wins. */

// Whoever imports the panel from another folder needs the declaration too.
/// <reference path="./css.d.ts" />
import '@create-figma-plugin/ui/css/base.css';
import './theme.css';
import './panel.css';
import './controls.css';
import './upscale.css';
import './presets.css';
import './generate.css';
