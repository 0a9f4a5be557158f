import { useState } from "preact/hooks";

/** Asks for the token that the control plane wants. */
export function TokenForm({ reason, give }: { reason: string; give: (token: string) => void }) {
  const [token, setToken] = useState("");
  return (
    <section class="panel token" aria-labelledby="token-title">
      <h2 id="token-title">A token is needed</h2>
      <p>
        This control plane shows itself to those who have its token. It is kept in this tab only.
      </p>
      {reason === "" ? null : <p role="alert" class="error">{reason}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== "") give(token.trim());
        }}
      >
        <label for="token">Bearer token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="off"
          required
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <button type="submit">Show the pipeline</button>
      </form>
    </section>
  );
}
