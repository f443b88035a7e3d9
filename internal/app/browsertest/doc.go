// Package browsertest proves the site in a real browser: headless Chromium, driven from Go, in front of the whole program with the demo world.
//
// # Contract
//
//   - A Window is one person's own window: cookies, cache, language, size and theme of its own. Controls are found as people find them, by their visible
//     words; what can't be found so, or is covered by something else, fails the test. So does every console error, broken script, refused policy (CSP) and
//     failed or foreign request that happens while the window is open.
//   - TestEveryPage visits every row of the table in pages_test.go in three languages and judges what it meets: status, language, heading, overflow and clipped
//     words, accessibility (axe-core), HTML (the W3C's validator), weight, shifts of the layout, words of other languages, keys without a sentence. A page that the
//     table doesn't name isn't proven: adding a page is adding a row.
//   - TestChain… walk the whole way from a place to the register, by people in windows of their own: in each language, without scripts, by the keyboard alone, and
//     with a guardian. Texts come from the catalogues by their keys. The API moves the demo's clock and reads the mailed codes, nothing else.
//   - Each check is proven able to fail, on pages made bad on purpose (tooling_test.go).
//   - Nothing is fetched from anywhere: axe-core and the validator come from .tools (make axe htmlvalidator), every address but this machine's is blocked.
//
// # Settings
//
//   - ORYNDA_TEST_CHROMIUM names the browser; else chromium, chromium-browser or google-chrome on the PATH.
//   - ORYNDA_TEST_BROWSER=full looks at every page in every width and theme, instead of one that rotates.
//   - ORYNDA_TEST_SCREENSHOTS names a folder for pictures of every page at 360, 768 and 1280 pixels.
//   - ORYNDA_TEST_LIGHTHOUSE=1 runs TestLighthouse (make lighthouse).
//
// # Limits
//
// Without Chromium, Java or what make axe htmlvalidator fetches the tests say on stderr what was not run; with CI=true that is a failure. Pages are judged in
// Chromium only. The validator reads what the server sent, not what scripts made of it. Figures of weight come from HTTP/1.1 without TLS.
package browsertest
