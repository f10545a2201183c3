namespace MetaLlm.Engine.Tenants;

/// <summary>A call that was decided here and has not been settled.</summary>
/// <param name="ServedArm">The arm that serves it.</param>
/// <param name="ReservedUsd">USD set aside for it.</param>
internal readonly record struct OpenCall(string ServedArm, double ReservedUsd);
