namespace MetaLlm.Engine.Admission;

/// <summary>One of the limits of <see cref="AdmissionLimits"/>.</summary>
internal enum AdmissionLimit
{
    /// <summary>Requests of a minute.</summary>
    Requests = 0,

    /// <summary>Tokens of a minute.</summary>
    Tokens = 1,

    /// <summary>Calls at once.</summary>
    ParallelCalls = 2,
}
