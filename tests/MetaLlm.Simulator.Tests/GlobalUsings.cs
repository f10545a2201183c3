global using System.Net;
global using System.Text.Json;
global using MetaLlm.Simulator.Checking;
global using MetaLlm.Simulator.Drift;
global using MetaLlm.Simulator.Faults;
global using MetaLlm.Simulator.Models;
global using MetaLlm.Simulator.Scoring;
global using MetaLlm.Simulator.Tasks;
