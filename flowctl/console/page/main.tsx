import { render } from "preact";
import { ConsolePage } from "./console_page.tsx";

render(<ConsolePage />, document.getElementById("page")!);
