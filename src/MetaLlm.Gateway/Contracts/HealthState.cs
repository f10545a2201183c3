namespace MetaLlm.Gateway.Contracts;

/// <summary>What health says.</summary>
internal enum HealthState
{
    Live = 0,
    Ready = 1,
    NotReady = 2,
}
