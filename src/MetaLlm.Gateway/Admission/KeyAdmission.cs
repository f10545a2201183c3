using MetaLlm.Engine.Admission;

namespace MetaLlm.Gateway.Admission;

/// <summary>The limits of the key that a request came with; authentication leaves it among the request's features where a key has some.</summary>
/// <param name="Id">The key's id, unique within its tenant; never the key itself.</param>
/// <param name="Limits">Its limits.</param>
internal sealed record KeyAdmission(string Id, AdmissionLimits Limits);
