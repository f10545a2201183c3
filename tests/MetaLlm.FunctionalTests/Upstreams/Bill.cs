namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>What the upstream asks for one request.</summary>
/// <param name="Call">The call as its sender numbers it.</param>
/// <param name="Model">The model.</param>
/// <param name="Fault">What the upstream did.</param>
/// <param name="IsStream">Whether it was to be streamed.</param>
/// <param name="Usd">The amount.</param>
/// <param name="IsKnown">Whether the caller could learn the amount: a count, a price, or a status that costs nothing.</param>
internal sealed record Bill(int Call, string Model, InvoiceFault Fault, bool IsStream, decimal Usd, bool IsKnown);
